/**
 * A deep link comes as `?at=/c/123` and a refused login as `?login=why`; both move into the hash before the router and
 * the JS-SDK's signature look at the address (facts 6.2: the signature covers everything before the hash).
 */
export function arrive(): void {
  const asked = new URLSearchParams(location.search)
  const at = asked.get('at')
  const login = asked.get('login')
  const route = login
    ? `/login/${login === 'member' || login === 'code' ? login : 'state'}`
    : at && /^\/(?!\/)[\w\-/]*$/.test(at)
      ? at
      : null
  // WeCom's authorize page demands this fragment, and a browser carries it along through the redirects.
  const hash = location.hash === '#wechat_redirect' ? '' : location.hash.slice(1)
  if (!route && !location.search && hash === location.hash.slice(1)) return
  const path = location.pathname === '/' ? '/workbench' : location.pathname
  history.replaceState(null, '', `${path}#${route ?? (hash || '/')}`)
}

export const inSidebar = (): boolean => location.pathname.startsWith('/sidebar')

/** A page that says why somebody is not logged in asks the server nothing: its 401 would lead to the login again. */
export const atLogin = (): boolean => location.hash.startsWith('#/login/')
