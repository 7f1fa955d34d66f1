/** What stands for eruda's icon font, which our policy does not load. */
const ICONS: Record<string, string> = {
  ...{ tool: '⚙', clear: '⌫', filter: '≡', copy: '⧉', search: '⌕', refresh: '↻', reset: '↺', select: '◉', play: '▶' },
  ...{ delete: '✕', close: '✕', error: '✖', warn: '⚠', check: '✓', record: '●', eye: '◉', expand: '⤢', compress: '⤡' },
  ...{
    'caret-down': '▾',
    'caret-right': '▸',
    'arrow-left': '‹',
    'arrow-right': '›',
    input: '›',
    output: '‹',
    info: 'ℹ',
  },
}
/** The build takes eruda's inline styles away (vite.config.ts); what they said is said here. */
const INSTEAD =
  '.luna-tab-item{height:39px;line-height:39px}.luna-notification{justify-content:flex-start;align-items:center}' +
  '.eruda-js-input{display:none!important}.eruda-container pre.eruda-lines{margin:0;padding:10px;white-space:pre-wrap;overflow-wrap:anywhere;' +
  'user-select:text;-webkit-user-select:text;color:inherit;font:12px/1.6 monospace}'

export const canAdopt = (): boolean =>
  'adoptedStyleSheets' in Document.prototype && 'replaceSync' in CSSStyleSheet.prototype

/**
 * eruda puts `<style>` elements into the page, which our policy refuses everybody; sheets made by a script are none. While `work`
 * runs, whoever makes such an element gets one whose words become a sheet of the shadow root that it is put into.
 */
export function adopting<T>(work: () => T): T {
  const make = document.createElement.bind(document)
  document.createElement = (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? adopted(make('template')) : make(name, options)
  try {
    return work()
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
}

function adopted(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  return Object.defineProperty(element, 'innerText', {
    set(css: string) {
      const root = element.getRootNode()
      // What it puts into the page itself is the icon font only.
      if (!(root instanceof ShadowRoot)) return
      sheet.replaceSync(fit(css))
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    },
  })
}

export function adoptOurs(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(INSTEAD)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}

/** Without what would be loaded from inside the sheet. */
const fit = (css: string): string =>
  css
    .replace(/@font-face\s*\{[^}]*\}/g, '')
    .replace(/url\(["']?data:[^)]*\)/g, 'none')
    .replace(/icon-([a-z-]+):before\s*\{\s*content:\s*["'][^"']*["']/g, (all, name: string) => {
      const icon = ICONS[name]
      return icon ? `icon-${name}:before{content:"${icon}"` : all
    })
