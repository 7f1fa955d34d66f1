import type { Deps } from '../deps'
import { userGet } from '../wecom/apis'
import { WeComError } from '../wecom/client'
import { isOutage, NO_SUCH_MEMBER } from '../wecom/errcodes'

export type Whereabouts = 'active' | 'disabled' | 'not_activated' | 'quit' | 'gone' | 'hidden'

/**
 * Where a member is, as WeCom says now. `gone`: deleted, or never there. `quit`: may still come back for a month.
 * `hidden`: WeCom does not say, so out of the app's range. Throws when WeCom cannot be asked.
 */
export async function whereabouts({ wecom }: Pick<Deps, 'wecom'>, userid: string): Promise<Whereabouts> {
  try {
    const { status } = await wecom.ask(userGet, { userid })
    return ({ 1: 'active', 4: 'not_activated', 5: 'quit' } as const)[status as 1] ?? 'disabled'
  } catch (error) {
    if (!(error instanceof WeComError) || isOutage(error.kind)) throw error
    return error.errcode === NO_SUCH_MEMBER ? 'gone' : 'hidden'
  }
}

export const isHere = (where: Whereabouts): boolean =>
  where === 'active' || where === 'disabled' || where === 'not_activated'
