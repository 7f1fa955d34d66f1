import type { Eruda, ErudaConsole } from 'eruda'
import { adopting, adoptOurs } from './sheets'
import { withheld } from './withheld'

/** What eruda hooks as soon as it is loaded, to keep every question and answer: given back at once. */
const hooked: readonly (readonly [object, string])[] = [
  [XMLHttpRequest.prototype, 'open'],
  [XMLHttpRequest.prototype, 'send'],
  [XMLHttpRequest.prototype, 'setRequestHeader'],
  [Element.prototype, 'attachShadow'],
  [window, 'fetch'],
  [window, 'WebSocket'],
]

async function load(): Promise<Eruda> {
  const before = hooked.map(([of, name]) => [of, name, Reflect.get(of, name) as unknown] as const)
  const { default: eruda } = await import('eruda')
  for (const [of, name, value] of before) Reflect.set(of, name, value)
  return eruda
}

/** A page of the panel: text, and nothing else, read anew whenever it is shown. */
const textPage = (eruda: Eruda, name: string, text: () => string | Promise<string>) => {
  const element = document.createElement('pre')
  element.className = 'eruda-lines'
  class TextPage extends eruda.Tool {
    override name = name
    override init(place: { get(n: number): Element }) {
      super.init(place)
      place.get(0).append(element)
    }
    override show() {
      void Promise.resolve(text()).then((words) => (element.textContent = words))
      return super.show()
    }
  }
  return new TextPage()
}

/**
 * Of eruda's parts only its console, fed by us with what may be shown (withheld.ts), and two pages of text. Left out are those that
 * show the page, its cookies, its storage, its addresses, questions and answers: Elements, Network, Resources, Sources,
 * Info; Snippets and the line for code, which run what somebody pastes; Settings, which would bring some of it back. Answers
 * what closes it.
 */
export async function openPanel(pages: Record<string, () => string | Promise<string>>): Promise<() => void> {
  const eruda = await load()
  const container = document.createElement('div')
  document.body.append(container)
  const log = adopting(() => {
    eruda.init({ container, tool: [], useShadowDom: true })
    const log = new (quiet(eruda))()
    eruda.add(log)
    for (const [name, text] of Object.entries(pages)) eruda.add(textPage(eruda, name, text))
    eruda.remove('settings')
    return log
  })
  if (container.shadowRoot) adoptOurs(container.shadowRoot)
  container.shadowRoot?.querySelector('.eruda-js-input')?.remove()
  const stop = feed(log)
  eruda.show(Object.keys(pages)[0])
  eruda.show()
  forget()
  return () => {
    stop()
    eruda.destroy()
    container.remove()
    forget()
  }
}

/** A console that takes nothing by itself. */
function quiet(eruda: Eruda) {
  class Quiet extends eruda.Console {
    /** Its own way would show whatever is logged. */
    overrideConsole() {
      return this
    }
    catchGlobalErr() {
      return this
    }
  }
  return Quiet
}

type Level = 'log' | 'info' | 'warn' | 'error'

/** What is logged, thrown and stopped by the policy, from now on. */
function feed(log: ErudaConsole): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const levels: Level[] = ['log', 'info', 'warn', 'error']
  // It is not written to here: what others write is heard.
  const out = window.console
  const own = levels.map((level) => [level, out[level]] as const)
  for (const [level, say] of own)
    out[level] = (...values: unknown[]) => {
      log[level](withheld(values))
      say.apply(out, values)
    }
  addEventListener('error', ({ error }) => log.error(withheld([error])), { signal })
  addEventListener('unhandledrejection', ({ reason }) => log.error(withheld([reason])), { signal })
  document.addEventListener(
    'securitypolicyviolation',
    ({ effectiveDirective }) => log.error(`policy: ${effectiveDirective.slice(0, 40)}`),
    { signal },
  )
  return () => {
    stop.abort()
    for (const [level, say] of own) out[level] = say
  }
}

/** It keeps where its button was. */
function forget(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('eruda')) localStorage.removeItem(key)
  } catch {
    // switched off: then there is nothing in it
  }
}
