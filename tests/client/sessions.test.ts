import { afterEach, expect, test } from 'vitest'
import { OK } from '../../src/shared/endpoint'
import { logout } from '../../src/shared/member'
import { endOtherSessions, endSession, listSessions, type Session } from '../../src/shared/session'
import { answers, askedOf, buttons, close, open, press, Refusal, see } from '../support/workbench'

afterEach(close)

const at = '2026-11-24T02:00:00.000Z'
const session = (id: string, device: Session['device'], current = false): Session => ({
  id,
  device,
  since: at,
  usedAt: at,
  current,
})
const shows = (...items: Session[]) => answers(listSessions, () => ({ items, idleHours: 8, hours: 24 }))

test('My logins are told apart by device and time; another one is ended, this one only by logging out', async () => {
  shows(session('s1', 'windows', true), session('s2', 'ios'))
  answers(endSession, () => OK)
  await open('/sessions', ['rep'])
  await see(/Windows 电脑.*当前/)
  await see('8 小时不用，或登录满 24 小时')
  expect(buttons(/^结束 Windows/)).toEqual([])
  shows(session('s1', 'windows', true))
  await press('结束 iPhone 或 iPad 的登录')
  expect(askedOf(endSession)).toEqual([{ session: 's2' }])
  await see('这个登录已结束')
  expect(buttons('结束其他全部登录')).toEqual([])
})

test('All others end together; a failure says so and leaves the list', async () => {
  shows(session('s1', 'mac', true), session('s2', 'ios'), session('s3', 'other'))
  answers(endOtherSessions, () => new Refusal('busy', '系统正忙，请稍后再试。'))
  await open('/sessions', ['rep'])
  await press('结束其他全部登录')
  await see('系统正忙')
  await see('其他设备')
  answers(endOtherSessions, () => ({ ended: 2 }))
  await press('结束其他全部登录')
  await see('已结束 2 个登录')
})

test('Logging out clears what this device kept and stays out, instead of being logged in again by WeCom (Q55)', async () => {
  shows(session('s1', 'mac', true))
  answers(logout, () => OK)
  await open('/sessions', ['rep'])
  sessionStorage.setItem('jiebang.draft.plan.p1.reject', '客户说的话')
  await press('退出登录')
  await see('已退出登录')
  expect(Object.keys(sessionStorage)).toEqual([])
  expect(buttons('我的登录')).toEqual([])
})
