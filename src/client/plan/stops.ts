import { isStop, type Plan } from '../../shared/plan'
import { sizeWords } from '../ui/size'

/** How much of the plan must be mended first, in words; null: nothing. */
export function stopsOf({ items, groups }: Plan): string | null {
  const stopped = (list: readonly { checks: readonly string[] }[]) =>
    list.filter(({ checks }) => checks.some(isStop)).length
  const [customers, chats] = [stopped(items), stopped(groups)]
  return customers || chats ? sizeWords(customers, chats) : null
}
