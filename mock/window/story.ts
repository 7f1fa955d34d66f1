import { STORY } from '../people'
import type { Simulator } from '../wecom/simulator'
import { outgoing } from './corp'
import type { Desk } from './desk'
import type { Control, Story } from './view'

/**
 * Where the visitor stands in the one story worth living first, and the control that moves it on. Read from the corp and
 * the desk; the app's own database is never asked.
 */
export function story(simulator: Simulator, desk: Desk): Story | null {
  const { world } = simulator
  const cast = [STORY.leaver, STORY.manager, STORY.secondManager, STORY.successor].map((userid) => world.member(userid))
  const customer = world.customer(STORY.customer)
  const [leaver, manager, second, hoped] = cast
  if (!leaver || !manager || !second || !hoped || !customer) return null
  const flows = world.transfers().filter((t) => t.handover === STORY.leaver)
  const flow =
    flows.find((t) => t.status === 1 && t.externalUserid === STORY.customer) ?? flows.find((t) => t.status === 1)
  const successor = flow?.takeover ?? STORY.successor
  const told = flow?.externalUserid ?? STORY.customer
  const names = {
    leaver: leaver.name,
    manager: manager.name,
    second: second.name,
    successor: world.member(successor)?.name ?? hoped.name,
    customer: world.customer(told)?.name ?? customer.name,
  }
  const at = (step: number, glow: Control | null, target: string | null = null): Story => ({
    step,
    glow,
    target,
    names,
  })
  if (leaver.dimissionTime === null) return at(1, 'leave', STORY.leaver)
  if (!flows.length) {
    const submitted = desk.seen.has('submitted') || wasAsked(simulator, leaver.dimissionTime)
    const who = submitted ? STORY.secondManager : STORY.manager
    const step = submitted ? 3 : 2
    if (desk.member !== who) return at(step, 'member', who)
    return at(step, desk.entry === 'workbench' ? 'frame' : 'workbench')
  }
  if (!flow) return flows.some((t) => t.status === 2) ? at(4, 'advance') : at(7, null)
  if (!noticeSent(simulator, successor, told)) {
    if (desk.member !== successor) return at(5, 'member', successor)
    if (desk.entry !== 'sidebar' || desk.customer !== told) return at(5, 'chat', told)
    return at(5, desk.asking ? 'confirm' : 'frame')
  }
  return desk.seen.has('acknowledged') ? at(7, null) : at(6, 'phone', told)
}

/** The app has written to the second manager since the leaver left: a plan waits for approval. */
const wasAsked = (simulator: Simulator, since: number): boolean =>
  simulator.world.appMessages(STORY.secondManager).some((m) => m.at >= since * 1000)

const noticeSent = (simulator: Simulator, userid: string, externalUserid: string): boolean =>
  simulator.world
    .chat(userid, externalUserid)
    .map(outgoing)
    .some((m) => /\/n\//.test(`${m.text} ${m.link ?? ''}`))
