import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, vi } from 'vitest'
import * as z from 'zod/mini'
import { wire, type Answer, type Sent } from '../../src/client/lib/http'
import { useSession } from '../../src/client/lib/session'
import { makeRouter } from '../../src/client/router'
import App from '../../src/client/App.vue'
import type { Endpoint, Input, Output } from '../../src/shared/endpoint'
import { failures, type FailureCode } from '../../src/shared/failure'
import { getLink } from '../../src/shared/link'
import { getProbes } from '../../src/shared/probe'
import { getMe, type Me, type Role } from '../../src/shared/member'

/** What the server would refuse with. */
export class Refusal {
  constructor(
    readonly code: FailureCode,
    readonly message: string,
  ) {}
}
export const REQUEST_ID = 'req-0193'

interface Door {
  endpoint: Endpoint
  answer: (input: never) => unknown
}
const doors = new Map<Endpoint, Door['answer']>()
export const asked: { endpoint: Endpoint; input: unknown }[] = []

/** From now on the endpoint answers so; asked with what its own schema does not take, the test fails. */
export function answers<E extends Endpoint>(endpoint: E, answer: (input: Taken<E>) => Output<E> | Refusal): void {
  doors.set(endpoint, answer)
}
type Taken<E> = E extends Endpoint<infer I, z.core.$ZodType> ? z.output<I> : never

/** What an endpoint was asked, call after call. */
export const askedOf = <E extends Endpoint>(endpoint: E): Input<E>[] =>
  asked.filter((one) => one.endpoint === endpoint).map(({ input }) => input as Input<E>)

async function serve({ method, url, params, data }: Sent): Promise<Answer> {
  for (const [endpoint, answer] of doors) {
    const names: string[] = []
    const shape = endpoint.path.replace(/:(\w+)/g, (_, name: string) => (names.push(name), '([^/]+)'))
    const match = new RegExp(`^${shape}$`).exec(url)
    if (!match || method !== endpoint.method) continue
    const places = Object.fromEntries(names.map((name, at) => [name, decodeURIComponent(match[at + 1] ?? '')]))
    const sent: unknown = data === undefined ? {} : JSON.parse(data)
    const input = z.parse(endpoint.input, { ...places, ...params, ...(sent as object) })
    asked.push({ endpoint, input })
    return reply(answer(input as never))
  }
  throw new Error(`Nobody answers ${method} ${url}`)
}

function reply(answer: unknown): Answer {
  const refused = answer instanceof Refusal
  const data = refused ? { code: answer.code, message: answer.message, requestId: REQUEST_ID } : answer
  return { data, headers: { 'x-request-id': REQUEST_ID }, status: refused ? failures[answer.code] : 200 }
}

let page: VueWrapper | undefined
const well = { state: 'well' as const, errcode: null, goodAt: null, blockedUntil: null, mirrorAt: null }

/** Opens the workbench there, as somebody with these roles. */
export async function open(path: string, roles: Role[] = ['rep', 'manager'], more: Partial<Me> = {}): Promise<void> {
  wire.carry = serve
  // Beside a departure stands what its leaver's doors said.
  if (!doors.has(getProbes)) answers(getProbes, () => ({ probes: [] }))
  // Every page asks how the line to WeCom stands; unless a test says otherwise, well.
  if (!doors.has(getLink)) answers(getLink, () => well)
  answers(getMe, () => ({ id: 'me', name: '何志远', tail: 'yuan', roles, corpId: 'ww1', agentId: '1', ...more }))
  const router = makeRouter()
  await router.push(path)
  const pinia = createPinia()
  // As main.ts does.
  await useSession(pinia).know()
  page = mount(App, { attachTo: document.body, global: { plugins: [pinia, router] } })
  await router.isReady()
  await flushPromises()
}

export function close(): void {
  page?.unmount()
  page = undefined
  doors.clear()
  asked.length = 0
  document.body.innerHTML = ''
  sessionStorage.clear()
}

export const seen = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ')
/** ms; a loaded machine takes its time. */
const PATIENCE = 5000

export const see = (text: string | RegExp): Promise<void> => vi.waitFor(() => expect(seen()).toMatch(text), PATIENCE)

const named = (element: Element, name: string | RegExp): boolean => {
  const said = (element.getAttribute('aria-label') ?? element.textContent ?? '').replace(/\s+/g, ' ').trim()
  return typeof name === 'string' ? said === name : name.test(said)
}
const pressable = 'button, a, [role="tab"]'
export const buttons = (name: string | RegExp): HTMLButtonElement[] =>
  [...document.querySelectorAll<HTMLButtonElement>(pressable)].filter((element) => named(element, name))

export async function press(name: string | RegExp): Promise<void> {
  await vi.waitFor(() => expect(buttons(name).length, `a button ${name}`).toBeGreaterThan(0), PATIENCE)
  const [first] = buttons(name)
  expect(first?.disabled ?? false, `${name} is disabled`).toBe(false)
  first?.click()
  await flushPromises()
}

export function field<E extends HTMLElement = HTMLInputElement>(label: string | RegExp): E {
  const found = [...document.querySelectorAll('label')].find((element) => named(element, label))
  const control = found && document.getElementById(found.htmlFor)
  if (!control) throw new Error(`No field ${label}`)
  return control as E
}

export async function tick(label: string | RegExp): Promise<void> {
  await vi.waitFor(() => field(label), PATIENCE)
  field(label).click()
  await flushPromises()
}

export async function type(label: string | RegExp, text: string): Promise<void> {
  const control = field<HTMLTextAreaElement>(label)
  control.value = text
  control.dispatchEvent(new Event('input', { bubbles: true }))
  await flushPromises()
}
