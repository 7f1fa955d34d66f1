// A page in the foreground for two seconds counts as opened. A preview robot runs no script, a background tab waits.
;(function () {
  var seen = document.currentScript.dataset.seen
  var timer
  function watch() {
    clearTimeout(timer)
    if (!seen || document.visibilityState !== 'visible') return
    timer = setTimeout(function () {
      fetch(seen, { method: 'POST', keepalive: true }).catch(function () {})
      seen = ''
    }, 2000)
  }
  document.addEventListener('visibilitychange', watch)
  watch()

  // A second tap while the first is under way sends nothing; coming back to the page frees the button again.
  function buttons(form, off) {
    form.querySelectorAll('button').forEach(function (b) {
      b.disabled = off
    })
  }
  document.addEventListener('submit', function (event) {
    setTimeout(buttons, 0, event.target, true)
  })
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) buttons(document, false)
  })
})()
