import { rightOf, visibleClasses, type FieldClass } from '../../shared/access'
import type { Endpoint } from '../../shared/endpoint'
import type { Sight } from '../lib/cut'
import type { Audit, LookAction } from './act'

export interface Look {
  sight: Sight
  door: Endpoint
  handover?: string
  /** What of it was looked at, where that is less than all the sight opens. */
  only?: readonly FieldClass[]
  /** In place of the right to look: what somebody gave as the reason. */
  reason?: string
}

/**
 * One look at one customer: who (the entry's actor) as what, which classes, at which stage, why and through which door
 * (compliance 6.4). Classes, never values; `of` are ids.
 */
export function look(
  audit: Audit,
  action: LookAction,
  customer: string,
  { sight, door, handover, only, reason }: Look,
  of: { [key: string]: string | string[] | boolean } = {},
): void {
  const open = visibleClasses(sight.who, sight.stage, sight.consents)
  audit(action, customer, {
    who: sight.who,
    stage: sight.stage,
    classes: open.filter((c) => !only || only.includes(c)),
    reason: reason ?? rightOf(sight.who),
    door: `${door.method} ${door.path}`,
    ...(handover ? { handover } : {}),
    ...of,
  })
}
