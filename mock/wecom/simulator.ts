import { deserialize, serialize } from 'node:v8'
import type { Cast } from './cast'
import type { CallRecord } from './calls'
import { createCallbacks, type Callbacks } from './callbacks'
import { createClock, type SavedClock } from './clock'
import { createFaults, type Faults } from './faults'
import type { Inside } from './inside'
import { createJsapiVerifier, type JsapiVerifier } from './jsapi'
import type { Effect } from './ledger'
import { createLimits, keepLatest, published, type Limits } from './limits'
import { createOAuthPage, type OAuthPage } from './oauth'
import { createPairs } from './pairs'
import { nextDue, settle } from './outcomes'
import { createConsole } from './console'
import { actByName, createControl, isControl } from './control'
import { createDeeds } from './deeds'
import { createLibrary } from './library'
import { createCardDeeds } from './cards'
import { createMassDeeds } from './massdeeds'
import { createServer } from './server'
import { stateFromCast } from './beginning'
import type { State } from './state'
import { registerDefaults, type Switches } from './switches'
import { createViews } from './views'
import type { World } from './world'

export interface SimulatorOptions {
  /** Virtual time at the start in ms; then it flows like real time. Default: now. */
  startAt?: number
  /** Time only moves by `clock.advance`. */
  frozen?: boolean
  switches?: Partial<Switches>
  limits?: Partial<Limits>
  /** How callbacks leave; default: global fetch. */
  send?: (request: Request) => Promise<Response>
  /** What `save()` gave: the corp goes on from there. Settings of app and corp still come from the cast. */
  saved?: Uint8Array
  /** Of everything the fault dial does by chance. */
  seed?: number
}

export interface Simulator {
  /** The qyapi server. Give it to `serve({ fetch })` unwrapped, so that a dropped connection can really be dropped. */
  fetch(request: Request, env?: unknown): Promise<Response>
  clock: {
    /** Virtual ms: what the app's clock shows. */
    now(): number
    /** WeCom's own clock is so far ahead of it (or behind): in every time on the wire and in what falls due. */
    skew(ms: number): void
    /** Forward, firing what falls due in order; resolves when the callbacks of it are delivered. */
    advance(ms: number): Promise<void>
    /** Fires what fell due while time flowed by itself. Each request and each look at `world` does so, too. */
    tick(): void
  }
  world: World
  oauth: OAuthPage
  jsapi: JsapiVerifier
  callbacks: Callbacks
  /** Append-only, oldest first. */
  readonly ledger: readonly Effect[]
  faults: Faults
  /** May be turned at any time: the numbers of facts 1.3. */
  readonly limits: Limits
  /** Nobody may call this API for so many virtual ms (45009), as if it had been called too often. */
  block(path: string, ms: number): void
  /** The latest calls, oldest first. */
  readonly calls: readonly CallRecord[]
  /** Paths that were asked for and do not exist. */
  readonly unknown: readonly string[]
  /** May be turned at any time. */
  readonly switches: Switches
  /** Called after changes, several at once; returns what ends it. */
  onChange(listener: () => void): () => void
  /** The living corp, to be given as `saved` later. The log of calls is not part of it. */
  save(): Uint8Array
}

interface Saved {
  state: State
  clock: SavedClock
}

export function createSimulator(cast: Cast, options: SimulatorOptions = {}): Simulator {
  const saved = options.saved ? (deserialize(options.saved) as Saved) : null
  // A copy: the living corp must never write into the cast that tests share.
  const { crowd, ...written } = cast
  const state = saved?.state ?? stateFromCast({ ...structuredClone(written), ...(crowd ? { crowd } : {}) })
  // A corp that was saved before there were cards.
  state.tasks ??= new Set()
  state.cardCodes ??= new Map()
  const clock = createClock({ ...options, saved: saved?.clock })
  const faults = createFaults(options.seed)
  const limits = createLimits({ ...structuredClone(published), ...options.limits })
  const { listen, changed } = listeners()
  const send = options.send ?? ((request: Request) => fetch(request))
  const around = { cast, clock, faults, send, changed, limits: limits.numbers, delayed: state.delayed }
  const inside: Inside = {
    cast,
    state,
    clock,
    switches: { ...registerDefaults, ...options.switches },
    limits,
    faults,
    callbacks: createCallbacks(around),
    pairs: createPairs(state),
    agenda: { at: 0 },
    secrets: { app: cast.app.secret, contacts: cast.contactSync.secret },
    act: () => undefined,
    record(effect) {
      state.effects.push({ ...effect, at: effect.at ?? clock.now() })
      keepLatest(state.effects, limits.numbers.effectsKept)
    },
    changed,
  }
  const server = createServer(inside)
  const world: World = {
    ...createViews(inside),
    ...createConsole(inside),
    ...createDeeds(inside),
    ...createLibrary(inside),
    ...createMassDeeds(inside),
    ...createCardDeeds(inside),
  }
  const simulator: Simulator = {
    fetch: (request, env) => (isControl(request) ? control(request, env) : server.fetch(request, env)),
    clock: { now: clock.true, skew: clock.skew, advance: (ms) => advance(inside, ms), tick: () => settle(inside) },
    world,
    oauth: createOAuthPage(inside),
    jsapi: createJsapiVerifier(inside),
    callbacks: inside.callbacks,
    ledger: state.effects,
    faults,
    calls: server.calls,
    unknown: server.unknown,
    switches: inside.switches,
    onChange: listen,
    save: () => serialize({ state, clock: clock.saved() } satisfies Saved),
    limits: limits.numbers,
    block: (path, ms) => limits.block(path, clock.now() + ms),
  }
  const control = createControl(simulator)
  inside.act = (deed, given) => actByName(world, deed, given)
  return simulator
}

async function advance(inside: Inside, ms: number): Promise<void> {
  const { clock, callbacks } = inside
  const until = clock.now() + ms
  for (let due = nextDue(inside); due !== null && due <= until; due = nextDue(inside)) {
    clock.moveTo(due)
    settle(inside)
    await callbacks.idle()
  }
  clock.moveTo(until)
  settle(inside)
  inside.changed()
  await callbacks.idle()
}

/** Many changes in one turn are one call of the listener. */
function listeners(): { listen(listener: () => void): () => void; changed(): void } {
  const all = new Set<() => void>()
  let told = true
  return {
    listen: (listener) => {
      all.add(listener)
      return () => void all.delete(listener)
    },
    changed: () => {
      if (!told) return
      told = false
      queueMicrotask(() => {
        told = true
        for (const listener of all) listener()
      })
    },
  }
}
