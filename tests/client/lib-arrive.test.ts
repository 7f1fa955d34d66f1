import { expect, it } from 'vitest'
import { arrive, atLogin } from '../../src/client/lib/arrive'

it.each([
  ['/workbench?at=%2Fc%2F123', '/workbench#/c/123'],
  ['/sidebar?at=%2F', '/sidebar#/'],
  ['/sidebar', '/sidebar'],
  ['/workbench#/plans', '/workbench#/plans'],
  ['/?login=member', '/workbench#/login/member'],
  ['/?login=state', '/workbench#/login/state'],
  ['/?login=%3Cscript%3E', '/workbench#/login/state'],
  ['/workbench?at=%2F%2Fevil.example', '/workbench#/'],
  ['/workbench?at=javascript:alert(1)', '/workbench#/'],
  ['/workbench?code=abc&state=x#/inherited', '/workbench#/inherited'],
])('%s → %s', (from, to) => {
  history.replaceState(null, '', from)
  arrive()
  expect(location.pathname + location.search + location.hash).toBe(to)
})

it('A page that says why nobody is logged in asks the server nothing', () => {
  history.replaceState(null, '', '/?login=code')
  arrive()
  expect([location.hash, atLogin()]).toEqual(['#/login/code', true])
  history.replaceState(null, '', '/workbench#/plans')
  expect(atLogin()).toBe(false)
})
