import * as shared from '../../../shared/evidence'
import { maskName } from '../../../shared/mask'
import { OK } from '../../../shared/endpoint'
import { Failure } from '../../../shared/failure'
import { act, type Audit } from '../../db/act'
import type { Tx } from '../../db/open'
import { hashToken, secretToken } from '../../lib/id'
import { instant, pageOf, placeOf, readPlace, word } from '../../lib/listing'
import { serve, serveRaw, type Caller, type House } from '../../lib/serve'
import * as rows from './rows'

/** Evidence packs: asked for by one, approved by another in compliance, built by a job, fetched for a week (compliance 9.4). */
export function packs(house: House): void {
  const { deps } = house
  const { db, now } = deps

  serve(house, shared.listPacks, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const [at, id] = readPlace(input.after, instant, word) ?? []
      const after = at && id ? { at: at, id } : null
      const all = caller.roles.some((role) => role === 'compliance' || role === 'auditor')
      const found = await rows.packList(tx, all ? null : caller.id, after, input.limit)
      audit('look.packs', 'packs', { packs: found.slice(0, input.limit).map((p) => p.id) })
      return pageOf(
        found,
        input.limit,
        (p) => placeOf(p.requestedAt.toISOString(), p.id),
        (p) => shown(p, caller),
      )
    }),
  )

  serve(house, shared.requestPack, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const { kind, caseNo, purpose, since = null, until = null } = input
      if (since && until && since > until) throw new Failure('invalid', { fields: 'until' })
      const subject = await rows.subjectFor(tx, kind, input.subject, caller)
      if (subject === null) throw new Failure('not_found')
      const id = deps.id()
      await rows.addPack(tx, {
        id,
        kind,
        subject,
        caseNo,
        purpose,
        since,
        until,
        requestedBy: caller.id,
        requestedAt: now(),
      })
      audit('pack.requested', id, { kind, about: subject, since, until })
      return { id }
    }),
  )

  serve(house, shared.approvePack, async ({ input, caller }) => {
    await act(db, now(), caller.id, async (tx, audit) => {
      const pack = await decide(tx, audit, { pack: input.pack, caller, event: 'approve', reason: null })
      const hold = {
        id: deps.id(),
        subjectKind: pack.kind,
        subjectId: pack.subject,
        caseNo: pack.caseNo,
        packId: pack.id,
      }
      const reviewAt = new Date(now().getTime() + shared.HOLD_REVIEW_MS)
      await rows.addHold(tx, { ...hold, reason: pack.purpose, beganBy: caller.id, beganAt: now(), reviewAt })
      audit('hold.began', hold.id, {
        kind: pack.kind,
        about: pack.subject,
        pack: pack.id,
        reviewAt: reviewAt.toISOString(),
      })
    })
    deps.wake('packs')
    return OK
  })

  serve(house, shared.rejectPack, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      await decide(tx, audit, { pack: input.pack, caller, event: 'reject', reason: input.reason })
      return OK
    }),
  )

  serve(house, shared.openPack, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx) => {
      await readyPack(tx, input.pack)
      const ticket = secretToken()
      const ticketUntil = new Date(now().getTime() + shared.TICKET_MS)
      await rows.setTicket(tx, input.pack, { ticketHash: hashToken(ticket), ticketFor: caller.id, ticketUntil })
      return { ticket }
    }),
  )

  serveRaw(house, shared.fetchPack, async ({ input, caller, c }) => {
    const { content, pack } = await act(db, now(), caller.id, async (tx, audit) => {
      const pack = await readyPack(tx, input.pack)
      const fits = pack.ticketHash === hashToken(input.ticket) && pack.ticketFor === caller.id
      if (!fits || !pack.ticketUntil || pack.ticketUntil <= now()) throw new Failure('not_found')
      const content = await rows.takeFile(tx, pack.id)
      if (!content) throw new Failure('not_found')
      audit('pack.fetched', pack.id, { sha256: pack.sha256 })
      return { content, pack }
    })
    c.header('content-type', 'application/zip')
    c.header('content-disposition', `attachment; filename="evidence-${pack.id}.zip"`)
    c.header('cache-control', 'no-store')
    return c.body(new Uint8Array(content))
  })

  async function decide(
    tx: Tx,
    audit: Audit,
    {
      pack: id,
      caller,
      event,
      reason,
    }: { pack: string; caller: Caller; event: 'approve' | 'reject'; reason: string | null },
  ) {
    const pack = await rows.holdPack(tx, id)
    if (!pack) throw new Failure('not_found')
    const state = shared.nextPackState(pack.state as shared.PackState, event)
    if (!state) throw new Failure('stale')
    if (pack.requestedBy === caller.id) throw new Failure('own_pack')
    await rows.decidePack(tx, id, { state, decidedBy: caller.id, decidedAt: now(), reason })
    audit(event === 'approve' ? 'pack.approved' : 'pack.rejected', id, { kind: pack.kind, about: pack.subject })
    return pack
  }

  async function readyPack(tx: Tx, id: string) {
    const pack = await rows.holdPack(tx, id)
    if (pack?.state !== 'ready' || !pack.expiresAt || pack.expiresAt <= now()) throw new Failure('not_found')
    return pack
  }
}

const shown = (p: Awaited<ReturnType<typeof rows.packList>>[number], caller: Caller): shared.Pack => ({
  id: p.id,
  kind: p.kind as shared.Pack['kind'],
  about: p.leaver ?? maskName(p.customer ?? ''),
  caseNo: p.caseNo,
  purpose: p.purpose,
  since: p.since,
  until: p.until,
  state: p.state as shared.PackState,
  requestedBy: p.requestedBy,
  requestedAt: p.requestedAt.toISOString(),
  decidedBy: p.decidedBy,
  decidedAt: p.decidedAt?.toISOString() ?? null,
  reason: p.reason,
  bytes: p.bytes,
  sha256: p.sha256,
  expiresAt: p.expiresAt?.toISOString() ?? null,
  mine: p.askerId === caller.id,
})
