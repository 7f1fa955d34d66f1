import type { Cast } from './wecom/cast'
import { wecomId } from './people/chance'
import { chats } from './people/chats'
import { book, strangers } from './people/customers'
import { groups } from './people/groups'
import { DAY, departments, members } from './people/members'
import { tagGroups } from './people/tags'

/** Who plays whom in the demo; screenshots and tests name them by these. */
export const STORY = {
  leaver: 'linxiao',
  successor: 'chenyiming',
  manager: 'zhoumin',
  secondManager: 'hezhiyuan',
  compliance: 'shenlan',
  admin: 'machao',
  /** 王磊, 林晓's main customer, with two promises */
  customer: wecomId('wm', 0),
} as const

/** Whom nobody of ours knows yet. */
export const STRANGERS: readonly string[] = strangers.map(({ externalUserid }) => externalUserid)

/** Made-up credentials of a corp that does not exist. */
export const DEMO = {
  corpId: 'wwc0ffee0000jiebang',
  agentId: 1000002,
  appSecret: 'demo-app-secret-of-the-sample-corp-00000001',
  contactsSecret: 'demo-contact-sync-secret-of-the-corp-000002',
  appToken: 'demoAppCallbackToken',
  appAesKey: 'AppCallbackKeyOfTheSampleCorp0000000000000A',
  contactsToken: 'demoContactsCallbackToken',
  contactsAesKey: 'ContactsCallbackKeyOfTheSampleCorp00000000A',
} as const

/**
 * 宏远服务有限公司: the one cast that dev, tests and screenshots share. Same input, same people. `now` in milliseconds;
 * `publicHost` is the trusted host (with port) of the app.
 */
export function sampleCorp(options: {
  now: number
  publicHost: string
  callbackUrls: { app: string; contacts: string }
}): Cast {
  const now = Math.floor(options.now / 1000)
  const people = members(now)
  const { customers, relations } = book(now, people)
  return {
    corp: { id: DEMO.corpId, name: '宏远服务', fullName: '宏远服务有限公司' },
    app: {
      agentId: DEMO.agentId,
      secret: DEMO.appSecret,
      trustedHosts: [options.publicHost],
      callback: { url: options.callbackUrls.app, token: DEMO.appToken, encodingAesKey: DEMO.appAesKey },
      visible: 'all',
      mayCallContacts: true,
    },
    contactSync: {
      secret: DEMO.contactsSecret,
      callback: { url: options.callbackUrls.contacts, token: DEMO.contactsToken, encodingAesKey: DEMO.contactsAesKey },
    },
    departments,
    members: people,
    customers,
    relations,
    groups: groups(now, relations),
    tagGroups: tagGroups(now),
    resigned: [{ userid: 'tangjun', dimissionTime: now - 340 * DAY }],
    chats: chats(now, relations),
  }
}
