import { randomBytes } from 'node:crypto'
import type { Simulator } from '../wecom/simulator'
import { fail, ok, type Answer, type Call } from './bridge/answer'
import { calls, fromMessage, relationOf } from './corp'
import { tell, type Desk } from './desk'
import type { GroupTalk } from './talk'

/** The message leaves only when the person at the window says so; the promise of the page means "handed to the client". */
export async function send(
  simulator: Simulator,
  talk: GroupTalk,
  desk: Desk,
  { name, params }: Call,
  gone: AbortSignal,
): Promise<Answer> {
  const message = fromMessage(params)
  if (message.kind === 'text' && !message.text) return fail(name, 'fail_invalid content')
  if (message.kind === 'card' && !message.link) return fail(name, 'fail_invalid link')
  const { member, customer, chat, entry } = desk
  const relation = relationOf(simulator, desk)
  if (entry === 'sidebar' && !relation) return fail(name, 'fail_without context of external contact')
  const to = entry === 'group' ? talk.name(chat) : relation ? calls(simulator, relation) : ''
  const how = desk.confirm === 'ask' ? await ask(desk, to, message, gone) : desk.confirm
  if (how === 'cancel') return { err_msg: `${name}:cancel` }
  if (how === 'fail') return fail(name, 'fail')
  // The wire's own additions (verify…) are no part of the message.
  const body = Object.fromEntries(
    Object.entries(params).filter(([key]) => key !== 'appId' && !key.startsWith('verify')),
  )
  if (entry === 'group') talk.say(chat, 'member', member, message)
  else
    simulator.world.say(
      member,
      customer,
      'member',
      message.kind === 'text' ? message.text : { ...body, msgtype: String(params['msgtype']) },
    )
  return ok(name)
}

function ask(
  desk: Desk,
  to: string,
  message: ReturnType<typeof fromMessage>,
  gone: AbortSignal,
): Promise<'send' | 'cancel' | 'fail'> {
  desk.asking?.answer('cancel')
  return new Promise((done) => {
    const finish = (how: 'send' | 'cancel' | 'fail') => {
      if (desk.asking === asking) desk.asking = null
      tell(desk)
      done(how)
    }
    const asking = { id: randomBytes(6).toString('hex'), to, message, answer: finish }
    desk.asking = asking
    // The page went away: nobody waits for an answer any more.
    gone.addEventListener('abort', () => finish('cancel'))
    tell(desk)
  })
}
