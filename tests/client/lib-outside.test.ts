import { expect, it, vi } from 'vitest'
import { context, currentContact, registerPage, sendMessage } from '../../src/client/lib/wecom'
import { getMe } from '../../src/shared/member'
import { Door } from './door'
import { closeApp, control, openApp, see } from './page'
import { me } from './samples'

// A browser that is not WeCom: nothing of the SDK may be called, its promises would never settle (facts 6.2).
it('is refused at once, without asking anything', async () => {
  const listen = vi.spyOn(document, 'addEventListener')
  const door = new Door()
  registerPage(me)
  await expect(context()).rejects.toMatchObject({ why: 'outside' })
  await expect(currentContact()).rejects.toMatchObject({ why: 'outside' })
  expect(await sendMessage({ form: 'text', text: '您好' })).toMatchObject({ outcome: 'failed', why: 'outside' })
  expect(listen).not.toHaveBeenCalled()
  expect(door.asked).toEqual([])
})

it('says how to open it', async () => {
  new Door().on(getMe).says(() => me)
  await openApp('/sidebar')
  await see('请在企业微信里打开')
  expect(control('查看我承接的客户')).toBeTruthy()
  closeApp()
})
