import { getCurrentScope, onScopeDispose, ref, type Ref } from 'vue'
import { readKept, writeKept } from './kept'

const KEY = 'jiebang.held'
const LIFE_MS = 10 * 60_000

interface Held {
  at: number
  member: string
  pressed: boolean
  fields: Record<string, unknown>
}

const fields = new Map<string, Ref<unknown>>()
let who: string | null = null
let waiting: Record<string, unknown> = {}
/** The page is back from a login that stood between a press and its effect: it must be pressed again. */
export const pressAgain = ref(false)

/**
 * A field that outlives a login: kept while WeCom is asked who is there, and given back, once, to the same member on the
 * same page. What opens a sheet (a ref of its own) is held like what is typed in it. Values must be plain data.
 */
export function useHeld<T>(name: string, field: Ref<T>): void {
  fields.set(name, field)
  giveBack(name, field)
  if (getCurrentScope()) onScopeDispose(() => fields.get(name) === field && fields.delete(name))
}

/** Before the page is left for the login. `pressed`: something was to happen and did not. */
export function holdFields(pressed: boolean): void {
  if (who === null) return
  const values = Object.fromEntries([...fields].map(([name, field]) => [name, field.value]))
  const held: Held = { at: Date.now(), member: who, pressed, fields: { ...waiting, ...values } }
  writeKept(sessionStorage, KEY, JSON.stringify(held))
}

/** Once it is known who is here. Somebody else gets nothing of it. */
export function giveBackTo(member: string): void {
  who = member
  const held = parse(readKept(sessionStorage, KEY))
  writeKept(sessionStorage, KEY, null)
  if (!held || held.member !== member || Date.now() - held.at > LIFE_MS) return
  waiting = held.fields
  pressAgain.value = held.pressed
  for (const [name, field] of fields) giveBack(name, field)
}

function giveBack(name: string, field: Ref<unknown>): void {
  if (!Object.hasOwn(waiting, name)) return
  field.value = waiting[name]
  delete waiting[name]
}

/** Our own writing, but in a place that others of this origin could write, too. */
function parse(text: string | null): Held | null {
  try {
    const read: unknown = text === null ? null : JSON.parse(text)
    return typeof read === 'object' && read !== null && 'fields' in read ? (read as Held) : null
  } catch {
    return null
  }
}
