import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** A built file of the window, or nothing. Names with a hash may be kept for ever. */
export async function assets(folder: string, name: string): Promise<Response | null> {
  if (!/^[\w-][\w./-]*$/.test(name) || name.includes('..')) return null
  const content = await readFile(join(folder, name)).catch(() => null)
  if (!content) return null
  const kept = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return new Response(new Uint8Array(content), { headers: { 'content-type': type, 'cache-control': kept } })
}
