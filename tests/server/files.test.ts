import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/server/app'
import { files, keepFiles } from '../../src/server/lib/files'
import { bind, type Listening } from '../../src/server/lib/listen'
import { paths } from '../support/hostile'
import { openHouse, type ServerHouse } from '../support/house'

const folder = mkdtempSync(join(tmpdir(), 'jiebang-files-'))
const SECRET = 'a file that nobody may read'
let house: ServerHouse
let server: Listening
beforeAll(async () => {
  mkdirSync(join(folder, 'client/assets'), { recursive: true })
  writeFileSync(join(folder, 'client/index.html'), '<!doctype html><title>app</title>')
  writeFileSync(join(folder, 'client/assets/app-1.js'), 'export {}')
  mkdirSync(join(folder, 'server'))
  for (const name of ['package.json', '.env', 'server/main.js', 'client/.env', 'client/.git'])
    writeFileSync(join(folder, name), SECRET)
  house = await openHouse()
  const app = createApp(house.deps)
  files(app, join(folder, 'client'))
  server = await bind(app.app.fetch, { host: '127.0.0.1', port: 0, setting: 'PORT' })
})
afterAll(async () => {
  await server.close()
  await house.close()
  rmSync(folder, { recursive: true })
})

/** As it is: fetch would tidy the path before it is sent. */
const raw = (path: string): Promise<string> =>
  new Promise((done) => {
    let said = ''
    const socket = connect(Number(new URL(server.address).port), '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    )
    socket.on('data', (chunk) => (said += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => done(said))
  })

describe('the built files', () => {
  it('of the release before still answer for 24 hours, and then no more (Q54)', async () => {
    const before = join(folder, 'before')
    mkdirSync(join(before, 'assets'), { recursive: true })
    writeFileSync(join(before, 'index.html'), '<!doctype html>')
    writeFileSync(join(before, 'assets/sheet-0.js'), 'export const old = 1')
    const app = createApp(house.deps)
    await keepFiles(app, before)
    await keepFiles(app, join(folder, 'client'))
    const asked = async () => raw('/assets/sheet-0.js')
    expect(await asked()).toMatch(/^HTTP\/1\.1 200[\s\S]*text\/javascript[\s\S]*export const old = 1/)
    await house.simulator.clock.advance(24 * 3600_000 + 1000)
    expect(await asked()).toMatch(/^HTTP\/1\.1 404/)
    await keepFiles(app, join(folder, 'client'))
    expect((await house.db.selectFrom('builtFile').select('path').execute()).map((f) => f.path)).toEqual([
      '/assets/app-1.js',
    ])
  })

  it('name their release, in the page and in every answer of the API, so that a page hears of a newer one (Q54)', async () => {
    writeFileSync(join(folder, 'before/index.html'), '<!doctype html><html lang="zh-CN">')
    const [one, other] = [join(folder, 'before'), join(folder, 'client')].map((at) => {
      const app = createApp(house.deps)
      files(app, at)
      return app.app
    })
    const said = async (app = one) => (await app?.request('/api/me'))?.headers.get('x-release')
    expect(await said()).toMatch(/^[0-9a-f]{12}$/)
    expect(await said(other)).not.toBe(await said())
    const page = await one?.request('/sidebar')
    expect(await page?.text()).toContain(`<html data-release="${await said()}" lang="zh-CN">`)
    expect(page?.headers.get('x-release')).toBeNull()
  })

  it('are served by their own names', async () => {
    expect(await raw('/assets/app-1.js')).toMatch(/^HTTP\/1\.1 200[\s\S]*export \{\}/)
    expect(await raw('/workbench')).toContain('<title>app</title>')
  })

  it('are all that is served: no way up, aside, around or into what is hidden (Q43, Q51)', async () => {
    for (let i = 0; i < paths.length; i += 40) {
      const batch = paths.slice(i, i + 40)
      const said = await Promise.all(batch.map(raw))
      said.forEach((answer, n) => {
        expect([batch[n], answer.includes(SECRET), /^HTTP\/1\.1 200/.test(answer)]).toEqual([batch[n], false, false])
      })
    }
  }, 60_000)

  it('are not a way to data: an API address that ends like a file is not kept by caches (Q52)', async () => {
    for (const path of ['/api/me/x.css', '/api/me/..%2fx.js', '/api/me;x.css', '/n/token/x.css', '/api/me%00.css'])
      expect([path, /^HTTP\/1\.1 200/.test(await raw(path))]).toEqual([path, false])
  })
})
