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

  // Facts for the record of an answer, where the form has a place for them; never a condition of it.
  var began = Date.now()
  var scrolled = 0
  window.addEventListener('scroll', function () {
    scrolled = 1
  })
  function facts(form) {
    var size = window.getComputedStyle(document.documentElement).fontSize
    var said = {
      t: Date.now(),
      v: window.innerWidth + 'x' + window.innerHeight,
      z: parseFloat(size),
      d: Date.now() - began,
      s: scrolled,
    }
    Object.keys(said).forEach(function (name) {
      var place = form.elements.namedItem(name)
      if (place) place.value = said[name]
    })
  }

  // A second tap while the first is under way sends nothing; coming back to the page frees the button again.
  function buttons(form, off) {
    form.querySelectorAll('button').forEach(function (b) {
      b.disabled = off
    })
  }
  document.addEventListener('submit', function (event) {
    facts(event.target)
    setTimeout(buttons, 0, event.target, true)
  })
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) buttons(document, false)
  })
})()
