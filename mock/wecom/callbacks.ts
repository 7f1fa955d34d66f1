import type { Cast } from './cast'
import type { Clock } from './clock'
import type { FaultDial } from './faults'
import { keepLatest, type Limits } from './limits'
import { echoRequest, eventRequest } from './sealed'
import { pause } from './wire'
import { writeXml, type Field } from './xml'

export interface Outgoing {
  source: 'app' | 'contacts'
  fields: Field[]
  /** Virtual ms at which it leaves. */
  dueMs: number
  badSignature: boolean
  copies: number
}

interface Delivery {
  /** Virtual ms. */
  at: number
  source: 'app' | 'contacts'
  event: string
  changeType: string | null
  /** The plaintext. */
  xml: string
  tries: number
  /** `answered` with any HTTP status: only silence is tried again (facts 5.1). */
  outcome: 'under way' | 'answered' | 'unreachable' | 'lost'
  status: number | null
}

export interface Callbacks {
  readonly deliveries: readonly Delivery[]
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
  /** What the console does when the URL is saved: the GET with echostr (facts 5.1). */
  verifyUrl(source: 'app' | 'contacts'): Promise<{ ok: true } | { ok: false; why: string }>
}

export interface CallbackDesk extends Callbacks {
  emit(source: 'app' | 'contacts', fields: Field[], atMs?: number): void
  /** Sends what a fault held back until now. */
  release(): void
  nextDue(): number | null
}

const TRIES = 3
const PARALLEL = 16
/** Answer of the GET verification within a second (facts 5.1). */
const VERIFY_TIMEOUT = 1000

interface Surroundings {
  cast: Cast
  clock: Clock
  limits: Limits
  faults: FaultDial
  send: (request: Request) => Promise<Response>
  /** Kept in the state, so that it survives a save. */
  delayed: Outgoing[]
  changed(): void
}

export function createCallbacks(around: Surroundings): CallbackDesk {
  const { cast, clock, limits, faults, delayed } = around
  const deliveries: Delivery[] = []
  const waiting: (() => Promise<void>)[] = []
  const underWay = new Set<Promise<void>>()

  const dispatch = (outgoing: Outgoing) => {
    for (let copy = 0; copy < outgoing.copies; copy++) {
      const delivery = entry(outgoing)
      deliveries.push(delivery)
      keepLatest(deliveries, limits.deliveriesKept)
      waiting.push(() => deliver(delivery, outgoing.badSignature))
    }
    go()
  }

  function go(): void {
    while (underWay.size < PARALLEL && waiting.length) {
      const running: Promise<void> = (waiting.shift()?.() ?? Promise.resolve()).finally(() => {
        underWay.delete(running)
        around.changed()
        go()
      })
      underWay.add(running)
    }
  }

  async function deliver(delivery: Delivery, badSignature: boolean): Promise<void> {
    // Leaves after the call or the click that caused it, never inside it.
    await pause(0)
    while (delivery.tries < TRIES && delivery.outcome === 'under way') {
      if (delivery.tries > 0) await pause(limits.callbackPause)
      delivery.tries += 1
      const sealing = { cast, source: delivery.source, seconds: clock.seconds() }
      const response = await answered(
        around.send,
        eventRequest(sealing, delivery.xml, badSignature),
        limits.callbackTimeout,
      )
      if (response) Object.assign(delivery, { outcome: 'answered', status: response.status })
    }
    if (delivery.outcome === 'under way') delivery.outcome = 'unreachable'
  }

  return {
    deliveries,
    emit(source, fields, atMs = clock.now()) {
      const names = fields.filter(([name]) => name === 'Event' || name === 'ChangeType').map(([, v]) => plainText(v))
      const fault = faults.strikeEvent(names)
      const { delay = 0, duplicate = 1, shuffle = 0, badSignature = false } = fault
      const outgoing: Outgoing = { source, fields, dueMs: atMs + delay, badSignature, copies: duplicate }
      if (fault.lose) deliveries.push({ ...entry(outgoing), outcome: 'lost' })
      else if (shuffle)
        for (let copy = 0; copy < duplicate; copy++)
          delayed.push({ ...outgoing, copies: 1, dueMs: atMs + delay + Math.floor(faults.random() * shuffle) })
      else if (delay) delayed.push(outgoing)
      else dispatch(outgoing)
    },
    release() {
      const now = clock.now()
      const due = delayed.filter((d) => d.dueMs <= now).sort((a, b) => a.dueMs - b.dueMs)
      for (const outgoing of due) {
        delayed.splice(delayed.indexOf(outgoing), 1)
        dispatch(outgoing)
      }
    },
    nextDue: () => (delayed.length ? Math.min(...delayed.map((d) => d.dueMs)) : null),
    async idle() {
      while (underWay.size) await Promise.all(underWay)
    },
    async verifyUrl(source) {
      const { request, plain } = echoRequest({ cast, source, seconds: clock.seconds() })
      const response = await answered(around.send, request, VERIFY_TIMEOUT)
      if (!response) return { ok: false, why: 'no answer within a second' }
      if (response.status !== 200) return { ok: false, why: `HTTP ${response.status}` }
      const said = await response.text()
      return said === plain ? { ok: true } : { ok: false, why: `not the plaintext of echostr: ${said.slice(0, 40)}` }
    },
  }
}

function entry({ source, fields, dueMs }: Outgoing): Delivery {
  const named = (name: string) => {
    const found = fields.find(([n]) => n === name)
    return found ? plainText(found[1]) : null
  }
  return {
    at: dueMs,
    source,
    event: named('Event') ?? '',
    changeType: named('ChangeType'),
    xml: writeXml(fields),
    tries: 0,
    outcome: 'under way',
    status: null,
  }
}

/** Null for whatever is not an HTTP answer in time. */
async function answered(send: Surroundings['send'], request: Request, timeout: number): Promise<Response | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((give) => (timer = setTimeout(() => give(null), timeout)))
  try {
    return await Promise.race([send(request), late])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

const plainText = (value: Field[1]): string =>
  typeof value === 'object' && 'plain' in value ? value.plain : String(value)
