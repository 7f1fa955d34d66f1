/** When a fault strikes, counted over the matching calls since it was added. Without `nth` and `every`: each time. */
interface Strikes {
  /** The nth matching call only, from 1. */
  nth?: number
  /** Every nth matching call. */
  every?: number
  /** No more often than this; 1 with `nth`. */
  times?: number
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
  /** WeCom itself refuses, before any effect unless `effect`. */
  errcode?: number
  /** Codes for single ids inside an otherwise good answer: external_userid or chat_id → errcode. */
  items?: Record<string, number>
  /** The token of this call dies just before it: 42001, or 40014 when given so. */
  expireToken?: true | 42001 | 40014
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
  badSignature?: boolean
}

export interface Faults {
  /** Returns what removes it again. */
  add(fault: CallFault | CallbackFault): () => void
  clear(): void
  list(): (CallFault | CallbackFault)[]
}

/** What the server and the callbacks ask; every question counts. */
export interface FaultDial extends Faults {
  strikeCall(path: string): Omit<CallFault, 'path'>
  strikeEvent(names: string[]): Omit<CallbackFault, 'event'>
}

interface Armed {
  fault: CallFault | CallbackFault
  seen: number
  struck: number
}

export function createFaults(): FaultDial {
  let armed: Armed[] = []
  return {
    add(fault) {
      const one = { fault, seen: 0, struck: 0 }
      armed.push(one)
      return () => void (armed = armed.filter((a) => a !== one))
    },
    clear: () => void (armed = []),
    list: () => armed.map((a) => a.fault),
    strikeCall: (path) => {
      const hits = armed
        .filter((a) => 'path' in a.fault && (a.fault.path === '*' || a.fault.path === path))
        .filter(strikes)
      return Object.assign({}, ...hits.map((a) => a.fault)) as CallFault
    },
    strikeEvent: (names) => {
      const matching = armed.filter(
        (a) => 'event' in a.fault && (a.fault.event === '*' || names.includes(a.fault.event)),
      )
      return Object.assign({}, ...matching.filter(strikes).map((a) => a.fault)) as CallbackFault
    },
  }
}

function strikes(armed: Armed): boolean {
  const { nth, every, times = nth ? 1 : Infinity } = armed.fault
  armed.seen += 1
  const now = nth ? armed.seen === nth : every ? armed.seen % every === 0 : true
  if (!now || armed.struck >= times) return false
  armed.struck += 1
  return true
}
