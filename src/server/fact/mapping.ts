import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import { readFact } from '../../shared/fact'
import { bannedIn } from '../../shared/factban'
import {
  dropFactRule,
  getFactRules,
  mapped,
  setFactRule,
  setProxies,
  type MappedField,
  type RuleKind,
} from '../../shared/factdoor'
import { act } from '../db/act'
import type { Tx } from '../db/open'
import { writeSetting } from '../db/setting'
import { serve, type House } from '../lib/serve'
import * as rows from './mapping-rows'
import { PROXIES, proxiesNow } from './proxies'

/** What departments and tags of WeCom mean; from the moment it is said, every allocation reads them so. */
export function mapping(house: House): void {
  const { db, now } = house.deps

  serve(house, getFactRules, async () => ({
    rules: (await rows.rulesWithReach(db)).map((rule) => ({
      ...rule,
      kind: rule.kind as RuleKind,
      field: rule.field as MappedField,
      at: rule.at.toISOString(),
    })),
    departments: await rows.departments(db),
    tags: await rows.tags(db),
    proxies: await proxiesNow(db),
  }))

  serve(house, setFactRule, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { kind, key, field } = input
      await maySay(tx, kind, key, field)
      const value = kind === 'tag_group' ? null : written(field, input.value)
      await rows.putRule(tx, { kind, key, field, value, setBy: caller.id, setAt: now() })
      audit('fact_rule.set', `${kind} ${key}`, { field, value })
      return OK
    }),
  )

  serve(house, dropFactRule, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      if (!(await rows.removeRule(tx, input))) throw new Failure('stale')
      audit('fact_rule.dropped', `${input.kind} ${input.key}`, { field: input.field })
      return OK
    }),
  )

  serve(house, setProxies, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [before, after] = [await proxiesNow(tx), [...new Set(input.words)].sort()]
      await writeSetting(tx, audit, PROXIES, { before, after, reason: input.reason, by: caller.id, at: now() })
      return OK
    }),
  )
}

/** There is such a department, tag or group; it may mean this; and its name is not of what must decide nothing. */
async function maySay(tx: Tx, kind: RuleKind, key: string, field: MappedField): Promise<void> {
  const names = await rows.namesOf(tx, kind, key)
  if (!names.length || !(mapped[kind] as readonly string[]).includes(field)) throw new Failure('not_found')
  const proxies = await proxiesNow(tx)
  if (names.some((name) => bannedIn(name, proxies))) throw new Failure('fact_banned', { name: names[0]! })
}

function written(field: MappedField, text: string | null): string {
  const value = readFact(field === 'language' || field === 'tier' ? field : 'name', text ?? '')
  if (typeof value !== 'string') throw new Failure('fact_unreadable', { text: (text ?? '').slice(0, 40) })
  return value
}
