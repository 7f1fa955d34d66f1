type Answer = Record<string, unknown> | 'silence'
type Answers = Record<string, (params: Record<string, unknown>) => Answer>

/**
 * What stands below the real SDK in these tests: `window.WeixinJSBridge` as facts 6.6 describe it. The simulated window in
 * `mock/window` is the strict one; this one says whatever a test wants it to say.
 */
export class Bridge {
  readonly calls: { name: string; params: Record<string, unknown> }[] = []
  answers: Answers = {}

  constructor() {
    this.reset()
    Object.assign(window, {
      WeixinJSBridge: {
        invoke: (name: string, params: object, back: (res: object) => void) => this.invoke(name, params, back),
        on: () => undefined,
      },
    })
    // The SDK was evaluated before this; it waits for this one event (facts 6.6).
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }

  reset(): void {
    this.calls.length = 0
    this.answers = {
      agentConfig: () => ({ err_msg: 'agentConfig:ok' }),
      preVerifyJSAPI: () => ({ err_msg: 'preVerifyJSAPI:ok' }),
      getContext: () => ({ err_msg: 'getContext:ok', entry: 'single_chat_tools' }),
      getCurExternalContact: () => ({ err_msg: 'getCurExternalContact:ok', userId: 'wm-wang' }),
      sendChatMessage: () => ({ err_msg: 'sendChatMessage:ok' }),
    }
  }

  says(name: string, err_msg: string, more: Record<string, unknown> = {}): void {
    this.answers[name] = () => ({ err_msg: `${name}:${err_msg}`, ...more })
  }

  named(name: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.params)
  }

  private invoke(name: string, params: object, back: (res: object) => void): void {
    const copy = JSON.parse(JSON.stringify(params)) as Record<string, unknown>
    this.calls.push({ name, params: copy })
    const said = this.answers[name]?.(copy) ?? { err_msg: `${name}:fail_function not exist` }
    if (said !== 'silence') setTimeout(() => back({ ...said }), 0)
  }
}
