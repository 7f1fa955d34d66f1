import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEMO } from '../../mock/people'
import { textsIn } from './texts'

const PRODUCT = ['dist/client', 'dist/server']
/** Ours, and in the browser all of it; what the server is built with stands in a part of its own (vite.config.ts). */
const files = textsIn(PRODUCT, /\.(js|css|html|svg|txt)$/).filter(({ path }) => !/^dist\/server\/packages-/.test(path))

/** axios takes it as the page's own address where there is no page; nothing is ever sent there. */
const AXIOS = /window\.location\.href\|\|[`'"]http:\/\/localhost[`'"]/g

const NEVER = {
  'msw, vConsole': /\bmsw\b|mockServiceWorker|vconsole/i,
  'the simulator and its window':
    /__window|__wecom|sampleCorp|wxwork\/\d|window\.WeixinJSBridge\s*=[^=]|userAgent\s*=[^=]/,
  'the address of somebody’s own machine': new RegExp(`localhost|file:///|${process.cwd().replace(/[.+]/g, '\\$&')}`),
  'a source map': /sourceMappingURL/,
  'a forgotten mark': /\b(TODO|FIXME|XXX)\b|^\s*debugger\b/m,
  'code for development': /\[Vue warn\]|🍍|__VUE_DEVTOOLS_GLOBAL_HOOK__\.emit|import\.meta\.hot/,
}

describe('what is shipped (Q51, invariant 10)', () => {
  it('was built', () => {
    for (const folder of PRODUCT) expect(files.filter((f) => f.path.startsWith(folder)).length).toBeGreaterThan(0)
  })

  it.each(Object.entries(NEVER))('holds nothing of: %s', (_, never) => {
    const found = files.flatMap(({ path, text }) => {
      const at = never.exec(text.replace(AXIOS, ''))
      return at ? [`${path}: …${text.slice(Math.max(0, at.index - 40), at.index + 60)}…`] : []
    })
    expect(found).toEqual([])
  })

  it('has no lookbehind in the browser: an iPhone before iOS 16.4 loads no page that names one', () => {
    const found = files.filter(({ path, text }) => path.startsWith('dist/client') && /\(\?<[!=]/.test(text))
    expect(found.map(({ path }) => path)).toEqual([])
  })

  it('has eruda in one part that is loaded by itself, and in nothing that a page loads or preloads, the customer’s least of all', () => {
    const eruda = files.filter(({ text }) => /\beruda\b/i.test(text)).map(({ path }) => path)
    const own = eruda.filter((path) => !/\/assets\/(panel|DebugSheet)-[\w-]+\.js$/.test(path))
    expect(own).toEqual([expect.stringMatching(/^dist\/client\/assets\/eruda-[\w-]+\.js$/)])
    const loaded = withThePage()
    // The first screen is one script and one style (vite.config.ts, `together`).
    expect(loaded.map((path) => path.replace(/.*\./, '')).sort()).toEqual(['css', 'js'])
    expect(eruda.filter((path) => loaded.includes(path))).toEqual([])
    // Only the panel asks for it, and for the panel only the sheet that the gesture opens.
    expect(whoAsksFor('eruda')).toEqual([expect.stringMatching(/\/panel-/)])
    expect(whoAsksFor('panel')).toEqual([expect.stringMatching(/\/DebugSheet-/)])
    expect(whoAsksFor('DebugSheet')).toEqual([expect.stringMatching(/\/DebugDoor-/)])
  })

  it('holds no made-up credential and nobody of the sample corp', () => {
    const secrets = Object.values(DEMO).map(String)
    for (const { path, text } of files)
      expect({ path, holds: secrets.filter((s) => text.includes(s)) }).toEqual({ path, holds: [] })
  })

  it('is only what a page asks for: no source map, no backup, no dot file', () => {
    const names = PRODUCT.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    expect(names.filter((name) => /\.map$|\.ts$|\.vue$|~$|\.bak$|(^|\/)\./.test(name))).toEqual([])
  })

  it('has a page without inline script or style, which its own rules would forbid (Q50)', () => {
    const page = readFileSync('dist/client/index.html', 'utf8')
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/)
    expect(page).not.toMatch(/(src|href)="(https?:|\/\/|data:)/)
  })

  it('carries each file compressed beside itself, and the same', () => {
    const folder = 'dist/client/assets'
    const plain = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name))
    for (const name of plain) {
      const bytes = readFileSync(join(folder, name))
      if (bytes.length < 1024) continue
      expect(brotliDecompressSync(readFileSync(join(folder, `${name}.br`))).equals(bytes)).toBe(true)
      expect(gunzipSync(readFileSync(join(folder, `${name}.gz`))).equals(bytes)).toBe(true)
    }
  })
})

/** What comes with the page: what it names, and what that imports before it runs. */
function withThePage(): string[] {
  const page = readFileSync('dist/client/index.html', 'utf8')
  const found = new Set(
    [...page.matchAll(/(?:src|href)="\/(assets\/[\w.-]+)"/g)].map(([, name]) => `dist/client/${name}`),
  )
  for (const path of found) {
    const text = files.find((file) => file.path === path)?.text ?? ''
    for (const [, name] of text.matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      found.add(`dist/client/assets/${name}`)
  }
  return [...found]
}

const whoAsksFor = (part: string): string[] =>
  files.filter(({ text }) => new RegExp(`import\\(["'\`]\\./${part}-[\\w-]+\\.js`).test(text)).map(({ path }) => path)
