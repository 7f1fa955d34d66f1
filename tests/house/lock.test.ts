import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { accepts } from './accepts'

interface Locked {
  version?: string
  resolved?: string
  license?: string
  engines?: { node?: string }
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const packages = Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/'))
const shipped = packages.filter(([, p]) => !p.dev && !p.devOptional)

/** Nothing here asks a company that runs the product to publish its own code (no GPL, no AGPL). */
const LICENSES =
  /^\(?(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0)( OR [\w.+-]+)?\)?$/

describe('the lock file (Q53)', () => {
  it.each(['20.20.2', '22.22.0', '24.21.0'])('names no package that refuses Node %s', (node) => {
    expect(packages.filter(([, p]) => !accepts(p.engines?.node ?? '*', node)).map(([path]) => path)).toEqual([])
  })

  it('takes every package from the npm registry', () => {
    const elsewhere = packages.filter(([, p]) => p.resolved && !p.resolved.startsWith('https://registry.npmjs.org/'))
    expect(elsewhere).toEqual([])
  })

  it('ships only licences that ask for no more than a notice', () => {
    const others = shipped.filter(([, p]) => !LICENSES.test(p.license ?? 'none'))
    expect(others.map(([path, p]) => `${path}: ${p.license}`)).toEqual([])
  })

  it('needs no install script: those that exist are known and denied', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      allowScripts: Record<string, boolean>
    }
    const scripts = packages.filter(([, p]) => p.hasInstallScript).map(([path]) => path.replace('node_modules/', ''))
    expect(scripts.filter((name) => allowScripts[name] !== false)).toEqual([])
  })

  it('reads ranges as npm does', () => {
    const said = (range: string) => ['18.20.0', '20.18.9', '20.20.2', '22.11.0', '24.0.0'].map((v) => accepts(range, v))
    expect(said('^20.19.0 || >=22.12.0')).toEqual([false, false, true, false, true])
    expect(said('>=16 || 14 >=14.17')).toEqual([true, true, true, true, true])
    expect(said('18 || 20 || >=22')).toEqual([true, true, true, true, true])
    expect(said('6.* || 20.x')).toEqual([false, true, true, false, false])
    expect(said('>= 20.19 <24')).toEqual([false, false, true, true, false])
    expect(said('~20.20.0')).toEqual([false, false, true, false, false])
  })
})
