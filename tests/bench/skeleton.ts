import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { client, lean } from '../../vite.config'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** What both baselines show: as many lines as a brief has. */
export const BRIEF = JSON.stringify({
  name: '王磊',
  lines: Array.from({ length: 30 }, (_, n) => `第 ${n} 条 承诺、历史与状态`),
})

/**
 * The same stack without our code, built in this run with our own settings (targets, flags, what is left out of the packages)
 * and served as our assets are.
 */
export async function openSkeleton() {
  const outDir = mkdtempSync(join(tmpdir(), 'jiebang-skeleton-'))
  const { build: settings, ...shared } = client
  await build({
    ...shared,
    root: resolve('tests/bench/skeleton'),
    configFile: false,
    logLevel: 'error',
    plugins: [{ ...lean, applyToEnvironment: () => true }],
    build: { ...settings, outDir, emptyOutDir: true },
  })
  const files = new Map([['/brief.json', { type: 'application/json', body: brotliCompressSync(BRIEF) }]])
  for (const path of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(path)]
    if (type) files.set(`/${path}`, { type, body: brotliCompressSync(readFileSync(join(outDir, path))) })
  }
  const server = createServer((request, answer) => {
    const file = files.get(request.url === '/' ? '/index.html' : (request.url ?? ''))
    if (!file) return void answer.writeHead(404).end()
    answer.writeHead(200, { 'content-type': `${file.type}; charset=utf-8`, 'content-encoding': 'br' }).end(file.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      rmSync(outDir, { recursive: true, force: true })
    },
  }
}
