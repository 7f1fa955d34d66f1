// Asks what the app will ask first, while the app's own files are still on their way: a round trip less until somebody reads.
// Each answer is taken once, by lib/early.ts, which knows the same names.
;(function () {
  var path = location.pathname === '/' ? '/workbench' : location.pathname
  // Whoever is told why they are not logged in asks nothing (lib/arrive.ts).
  if (/[?&]login=/.test(location.search) || location.hash.indexOf('#/login/') === 0) return
  var early = (window.jiebangEarly = {})
  function ask(name, address) {
    // Read to its end at once: when the app's own script runs, what it waits for is only its own turn.
    early[name] = fetch(address, { headers: { accept: 'application/json' } })
      .then(function (answer) {
        if (!answer.ok) return undefined
        return answer.json().then(function (data) {
          return { status: answer.status, data: data, headers: answer.headers }
        })
      })
      .catch(function () {})
  }
  ask('/api/me {}', '/api/me')
  if (path !== '/sidebar' || !/wxwork/i.test(navigator.userAgent)) return
  var url = location.origin + path
  ask(
    '/api/jssdk ' + JSON.stringify({ url: url, kind: 'agentConfig' }),
    '/api/jssdk?kind=agentConfig&url=' + encodeURIComponent(url),
  )
})()
