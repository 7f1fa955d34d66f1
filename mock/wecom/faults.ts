import { seeded } from './chance'
import type { CursorFault, RowsFault, Spoiled } from './tamper'

/** When a fault strikes, counted over the matching calls since it was added. Without `nth` and `every`: each time. */
interface Strikes {
  /** The nth matching call only, from 1. */
  nth?: number
  /** Every nth matching call. */
  every?: number
  /** No more often than this; 1 with `nth`. */
  times?: number
  /** Only with this probability, 0 to 1, by the seed of the simulator. */
  chance?: number
}

export interface CallFault extends Strikes {
  /** Below /cgi-bin/, or `*`. */
  path: string
  /** Real ms before anything happens; `jitter` adds up to so many more. */
  latency?: number
  jitter?: number
  /** The connection breaks without an answer. */
  drop?: 'before-effect' | 'after-effect'
  /** The connection breaks in the middle of the answer, after the effect. */
  reset?: boolean
  /** This HTTP status, before any effect unless `effect`. */
  status?: number
  /** An HTML page, as a proxy would answer. */
  html?: boolean
  /** Half of the JSON, after the effect. */
  truncate?: boolean
  /** Real ms between the two halves of the body. */
  slowBody?: number
  /** The body trickles, so many bytes a second. */
  bytesPerSecond?: number
  /** This text instead of the answer, after the effect. */
  body?: string
  /** The true answer, spoiled in one of these ways, after the effect. */
  spoiled?: Spoiled
  /** Rows of the answer's list are missing, doubled, out of order, or somebody else's. */
  rows?: RowsFault
  /** How a cursor misbehaves. */
  cursor?: CursorFault
  /** WeCom itself refuses, before any effect unless `effect`. */
  errcode?: number
  /** Codes for single ids inside an otherwise good answer: external_userid or chat_id → errcode. */
  items?: Record<string, number>
  /** The same by chance: this share of the items gets this code. */
  someItems?: { share: number; errcode: number }
  /** The token of this call dies just before it: 42001, or 40014 when given so. */
  expireToken?: true | 42001 | 40014
  /** Somebody does this just before the call is answered: a deed of `world`. */
  meanwhile?: { deed: string; with: unknown[] }
  /** Overrides whether the effect happens with `status`, `html`, `errcode`. */
  effect?: boolean
}

export interface CallbackFault extends Strikes {
  /** The `Event` or the `ChangeType`, or `*`. */
  event: string
  lose?: boolean
  /** Delivered so many times in all. */
  duplicate?: number
  /** Virtual ms later. */
  delay?: number
  /** Each copy up to so many virtual ms later, by chance: they overtake each other. */
  shuffle?: number
  badSignature?: boolean
}

/** What becomes of a customer when the 24 hours are over, whatever he wanted. Strikes count customers. */
export interface OutcomeFault extends Strikes {
  outcome: 'accept' | 'refuse' | 'limit' | 'silent'
  /** Only these; everybody without. */
  customers?: string[]
}

export type Fault = CallFault | CallbackFault | OutcomeFault

export interface Faults {
  /** Returns what removes it again. */
  add(fault: Fault): () => void
  clear(): void
  list(): Fault[]
}

export type CallStrike = Omit<CallFault, 'path'>

/** What the server, the callbacks and the clock ask; every question counts. */
export interface FaultDial extends Faults {
  strikeCall(path: string): CallStrike
  strikeEvent(names: string[]): Omit<CallbackFault, 'event'>
  strikeOutcome(externalUserid: string): OutcomeFault['outcome'] | null
  /** 0 ≤ n < 1, the same for the same seed. */
  random(): number
}

interface Armed {
  fault: Fault
  seen: number
  struck: number
}

export function createFaults(seed = 1): FaultDial {
  const random = seeded(seed)
  let armed: Armed[] = []

  function strikes(one: Armed): boolean {
    const { nth, every, times = nth ? 1 : Infinity, chance = 1 } = one.fault
    one.seen += 1
    const now = nth ? one.seen === nth : every ? one.seen % every === 0 : true
    if (!now || one.struck >= times || (chance < 1 && random() >= chance)) return false
    one.struck += 1
    return true
  }
  const struck = (matches: (fault: Fault) => boolean): Fault[] =>
    armed.filter((a) => matches(a.fault) && strikes(a)).map((a) => a.fault)

  return {
    random,
    add(fault) {
      const one = { fault, seen: 0, struck: 0 }
      armed.push(one)
      return () => void (armed = armed.filter((a) => a !== one))
    },
    clear: () => void (armed = []),
    list: () => armed.map((a) => a.fault),
    strikeCall: (path) =>
      Object.assign({}, ...struck((f) => 'path' in f && (f.path === '*' || f.path === path))) as CallFault,
    strikeEvent: (names) =>
      Object.assign(
        {},
        ...struck((f) => 'event' in f && (f.event === '*' || names.includes(f.event))),
      ) as CallbackFault,
    strikeOutcome(id) {
      const [first] = struck((f) => 'outcome' in f && (!f.customers || f.customers.includes(id)))
      return first && 'outcome' in first ? first.outcome : null
    },
  }
}
