import * as z from 'zod'
import { atLeast } from '../agents'
import type { Desk } from '../desk'
import { rules, type NativeEntry } from './rules'

export type Answer = { err_msg: string } & Record<string, unknown>

export const bridgeCall = z.object({
  page: z.string().max(64),
  name: z.string().max(64),
  params: z.record(z.string(), z.unknown()).catch({}),
  href: z.string().max(4000),
})
export type Call = z.output<typeof bridgeCall>

/** What the client knows and can do beyond its own rules; `act.ts` makes it from the simulator. */
export interface Client {
  /** Member with 客户联系, app in 可调用应用 and this member in its visible range. */
  mayUseCustomers(): boolean
  /** null when the page may use the bridge, else `<api>:fail…` */
  verify(kind: 'config' | 'agentConfig', call: Call): string | null
  acts: Record<string, (call: Call) => Answer | Promise<Answer>>
}

export const nativeEntry = (desk: Desk): NativeEntry =>
  ({ sidebar: 'single_chat_tools', group: 'group_chat_tools', workbench: 'normal' })[desk.entry] as NativeEntry

export const ok = (name: string, more: Record<string, unknown> = {}): Answer => ({ err_msg: `${name}:ok`, ...more })
export const fail = (name: string, why: string): Answer => ({ err_msg: `${name}:${why}` })

/** One call of the page, refused or answered as the native client would (wecom-facts 6.4, 6.6). */
export async function answer(desk: Desk, client: Client, call: Call): Promise<Answer> {
  const refusal = refuse(desk, client, call)
  if (refusal) return fail(call.name, refusal)
  if (call.name === 'agentConfig' || call.name === 'preVerifyJSAPI') return configure(desk, client, call)
  if (call.name === 'checkJsApi') return check(desk, call)
  const act = client.acts[call.name]
  return act ? act(call) : ok(call.name)
}

function refuse(desk: Desk, client: Client, { name, page }: Call): string | null {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  if (!rule || !atLeast(desk.version, rule.since)) return 'fail_function not exist'
  if (desk.failing.includes(name)) return 'fail'
  if (rule.free) return null
  const allowed = desk.allowed.get(page) ?? { config: [], agent: [] }
  const listed = rule.customers ? allowed.agent : [...allowed.agent, ...allowed.config]
  if (!listed.includes(name)) return 'fail_no permission to execute'
  if (rule.customers && !client.mayUseCustomers()) return 'fail no permission'
  if (rule.entries && !rule.entries.includes(nativeEntry(desk))) return 'fail_without context of external contact'
  return null
}

function configure(desk: Desk, client: Client, call: Call): Answer {
  const kind = call.name === 'agentConfig' ? 'agentConfig' : 'config'
  const refusal = client.verify(kind, call)
  if (refusal) return { err_msg: refusal }
  const wanted = z
    .array(z.string())
    .catch([])
    .parse(call.params[kind === 'config' ? 'verifyJsApiList' : 'jsApiList'])
  const before = desk.allowed.get(call.page) ?? { config: [], agent: [] }
  // Before 3.0.24 agentConfig alone is not enough (wecom-facts 11.4).
  if (kind === 'agentConfig' && !atLeast(desk.version, '3.0.24') && !before.config.length)
    return fail(call.name, 'fail_no permission to execute')
  const asIdentity = kind === 'config' ? 'config' : 'agent'
  desk.allowed.set(call.page, { ...before, [asIdentity]: wanted })
  return ok(call.name, { checkResult: exists(desk, wanted) })
}

const check = (desk: Desk, call: Call): Answer =>
  // The client sends this one as a string; the SDK parses it (wecom-facts 6.5).
  ok(call.name, {
    checkResult: JSON.stringify(exists(desk, z.array(z.string()).catch([]).parse(call.params['jsApiList']))),
  })

const exists = (desk: Desk, names: string[]): Record<string, boolean> =>
  Object.fromEntries(names.map((n) => [n, Object.hasOwn(rules, n) && atLeast(desk.version, rules[n]?.since ?? '0')]))
