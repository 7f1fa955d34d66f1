/** What the desk tells the page's bridge when it is loaded. */
export interface ClientSettings {
  mode: 'normal' | 'absent' | 'late' | 'hang'
  agent: string
  language: string
}

type Answer = Record<string, unknown>
type Handler = (event: unknown) => unknown

export interface NativeBridge {
  invoke(name: string, params: object | undefined, callback?: (answer: Answer) => void): void
  on(event: string, handler: Handler): void
}

/** A page with a place for the bridge, and for the desk's way to raise events in it. */
export interface BridgeWindow {
  WeixinJSBridge?: NativeBridge
  /** Raises an event like the client would; false when a handler of the page said no. */
  __windowEmit?: (event: string, data?: unknown) => boolean
}

const LATE_MS = 2000

/**
 * Puts the client's bridge into a page, by the rules of wecom-facts 6.6: before the page's scripts, an answer exactly once
 * and never at once, a fresh object each time, parameters cloned because they may carry functions.
 */
export function install(
  page: BridgeWindow,
  settings: ClientSettings,
  ask: (name: string, params: unknown) => Promise<Answer>,
  ready: () => void,
): void {
  const handlers = new Map<string, Handler[]>()
  const bridge: NativeBridge = {
    invoke(name, params, callback) {
      const clone: unknown = JSON.parse(JSON.stringify(params ?? {}))
      if (settings.mode === 'hang') return
      void ask(name, clone)
        .catch((): Answer => ({ err_msg: `${name}:fail` }))
        .then((answer) => setTimeout(() => callback?.({ ...answer }), 0))
    },
    on(event, handler) {
      handlers.set(event, [...(handlers.get(event) ?? []), handler])
    },
  }
  page.__windowEmit = (event, data) => !(handlers.get(event) ?? []).map((handler) => handler(data)).includes(false)
  if (settings.mode === 'absent') return
  const appear = () => {
    page.WeixinJSBridge = bridge
    ready()
  }
  if (settings.mode === 'late') setTimeout(appear, LATE_MS)
  else appear()
}
