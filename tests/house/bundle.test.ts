import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DEMO } from '../../mock/people'
import { textsIn } from './texts'

const PRODUCT = ['dist/client', 'dist/server']
const files = textsIn(PRODUCT, /\.(js|css|html|svg|txt)$/)

/** axios takes it as the page's own address where there is no page; nothing is ever sent there. */
const AXIOS = /window\.location\.href\|\|[`'"]http:\/\/localhost[`'"]/g

const NEVER = {
  'msw, vConsole, eruda': /\bmsw\b|mockServiceWorker|vconsole|\beruda\b/i,
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
