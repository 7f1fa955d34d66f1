import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { bigCast } from '../../mock/big'
import { createSimulator } from '../../mock/wecom/simulator'

/** The simulated WeCom of `mirror.ts` in a process of its own: says where it listens, and what it was asked so far. */
const [relations, members] = [Number(process.env['RELATIONS']), Number(process.env['MEMBERS'])]
const cast = bigCast({ members, relations, now: Math.floor(Date.now() / 1000) })
const simulator = createSimulator(cast, { limits: { callsKept: 1 } })
const calls: Record<string, number> = {}

const server = serve({
  fetch: (request: Request, env: unknown) => {
    const path = new URL(request.url).pathname.replace('/cgi-bin/', '')
    calls[path] = (calls[path] ?? 0) + 1
    return simulator.fetch(request, env)
  },
  port: 0,
  hostname: '127.0.0.1',
})
await once(server, 'listening')
process.send?.({ port: (server.address() as AddressInfo).port, cast: { ...cast, crowd: undefined } })
process.on('message', () => process.send?.({ calls }))
process.on('disconnect', () => process.exit(0))
