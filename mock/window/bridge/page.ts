import { install, type BridgeWindow, type ClientSettings } from './install'

// The first script of every page inside the simulated client. The server puts the settings in front of it.
const page = window as typeof window & BridgeWindow & { __windowClient?: ClientSettings }
const settings = page.__windowClient ?? { mode: 'normal', agent: navigator.userAgent, language: 'zh-CN' }
const send = window.fetch.bind(window)
// A page is one document: a reload registers its APIs anew.
const id = crypto.getRandomValues(new Uint32Array(2)).join('')

Object.defineProperty(navigator, 'userAgent', { get: () => settings.agent })
Object.defineProperty(navigator, 'platform', { get: () => 'Win32' })
Object.defineProperty(navigator, 'language', { get: () => settings.language })
Object.defineProperty(navigator, 'languages', { get: () => [settings.language] })

install(
  page,
  settings,
  async (name, params) => {
    const body = JSON.stringify({ page: id, name, params, href: location.href })
    const response = await send('/__window/bridge', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    return (await response.json()) as Record<string, unknown>
  },
  () => document.dispatchEvent(new Event('WeixinJSBridgeReady')),
)
