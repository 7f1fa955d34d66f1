import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/**
 * The letter's words as somebody would write them down by hand: one file, a dozen rules, no server behind it. What a page of
 * ours takes longer than this is what we cost the reader (quality Q60).
 */
export async function openStatic(words: { heading: string; paragraphs: string[] }) {
  const escape = (text: string): string => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)
  const body = gzipSync(`<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(words.heading)}</title>
<style>body{max-width:34rem;margin:auto;padding:1rem;font:18px/1.75 sans-serif}h1{font-size:1.4em}</style>
<h1>${escape(words.heading)}</h1>
${words.paragraphs.map((p) => `<p>${escape(p)}</p>`).join('\n')}
</html>`)
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' })
    answer.end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  }
}
