import { isIP } from 'node:net'
import type { Context } from 'hono'

/**
 * Where a request comes from, to count by: the other end of the connection, or, behind `hops` proxies of our own, what the
 * outermost of them saw. Everything further left in X-Forwarded-For was written by the caller and is not believed (Q58).
 */
export function addressOf(c: Context, hops: number): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const peer = env?.incoming?.socket?.remoteAddress ?? 'unknown'
  if (hops === 0) return peer
  const seen = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  const address = seen.at(-hops) ?? ''
  // Fewer than promised: somebody reached us past the proxy, and is counted as who they are.
  return isIP(address) ? block(address) : peer
}

/** A household has a /64 of IPv6 to itself and would otherwise be as many callers as it likes. */
const block = (address: string): string =>
  isIP(address) === 6
    ? address
        .replace(/^::ffff:(?=\d+\.)/i, '')
        .split(':')
        .slice(0, 4)
        .join(':')
    : address
