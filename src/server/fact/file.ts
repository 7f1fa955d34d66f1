import { createHash } from 'node:crypto'
import { canonical, type Json } from '../../shared/canonical'
import { Failure } from '../../shared/failure'
import type { FactValue } from '../../shared/fact'
import { importFacts, previewFacts, type FilePreview } from '../../shared/factdoor'
import { fieldsOf, readFacts, type About, type Field, type ReadFile } from '../../shared/factfile'
import { act } from '../db/act'
import type { Db, Tx } from '../db/open'
import type { Reader } from '../db/scope'
import { reachOf } from '../lib/reach'
import { serve, type Caller, type House } from '../lib/serve'
import { proxiesNow } from './proxies'
import * as rows from './rows'

const SHOWN = 100

/** A file is looked at whole, every line, before anything of it is kept; what is then confirmed is what was seen. */
export function importing(house: House): void {
  const { db, now } = house.deps

  serve(house, previewFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      allowed(input.about, caller)
      const preview = await previewOf(tx, scopeOf(input.about, caller), input.about, input.text)
      audit('fact.previewed', input.about, { digest: preview.shown.digest, lines: preview.shown.lines })
      return preview.shown
    }),
  )

  serve(house, importFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      allowed(input.about, caller)
      const { shown, facts } = await previewOf(tx, scopeOf(input.about, caller), input.about, input.text)
      if (shown.refused || shown.digest !== input.digest) throw new Failure('stale')
      const written = await rows.write(tx, input.about, facts, { source: 'csv', by: caller.id, at: now() })
      audit('fact.imported', input.about, { digest: input.digest, rows: shown.ready, written })
      for (const [id, fields] of fieldsById(facts)) audit('fact.written', id, { fields, source: 'csv' })
      return { rows: shown.ready, written }
    }),
  )
}

/** HR has nothing to do with customers (compliance 6.2). */
function allowed(about: About, caller: Caller): void {
  if (about === 'customers' && !caller.roles.includes('manager')) throw new Failure('forbidden')
}
const scopeOf = (about: About, caller: Caller): Reader => (about === 'members' ? reachOf(caller, 'hr') : caller)

const fieldsById = (facts: readonly rows.Written[]): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const { id, field } of facts) found.set(id, [...(found.get(id) ?? []), field])
  return found
}

type Standing = Awaited<ReturnType<typeof rows.standing>>

async function previewOf(
  tx: Tx,
  reader: Reader,
  about: About,
  text: string,
): Promise<{ shown: FilePreview; facts: rows.Written[] }> {
  const read = readFacts(about, text, await proxiesNow(tx))
  if ('problem' in read) {
    const refused = { problem: read.problem, at: read.at, ban: read.ban ?? null }
    const none = { lines: 0, ready: 0, columns: [], ignored: [], errors: [], wrong: 0 }
    return { shown: { refused, digest: digestOf([], []), ...none }, facts: [] }
  }
  const { facts, errors, ready } = await resolved(tx, reader, about, read)
  const before = await rows.standing(tx, about, [...new Set(facts.map((f) => f.id))])
  const shown: FilePreview = {
    refused: null,
    digest: digestOf(facts, before),
    lines: read.rows.length + new Set(read.errors.map((e) => e.line)).size,
    ready,
    columns: read.columns.map((field) => ({ field, ...countsOf(field, facts, before) })),
    ignored: read.ignored,
    errors: errors.slice(0, SHOWN),
    wrong: errors.length,
  }
  return { shown, facts }
}

/** Keys become ids, named colleagues too; whoever is not in scope and who does not exist are one problem. */
async function resolved(tx: Db, reader: Reader, about: About, read: ReadFile) {
  const errors = [...read.errors]
  const ids = await rows.idsFor(
    tx,
    reader,
    about,
    read.rows.map((r) => r.key),
  )
  const kinds = fieldsOf(about)
  const isMember = (field: Field) => kinds[field] === 'member' || kinds[field] === 'members'
  const named = read.rows.flatMap((r) =>
    r.said.filter((s) => isMember(s.field)).flatMap((s) => [s.value].flat() as string[]),
  )
  const members = await rows.membersByUserid(tx, [...new Set(named)])
  const facts: rows.Written[] = []
  let ready = 0
  for (const { line, key, said } of read.rows) {
    const id = ids.get(key)
    const own = about === 'members' && id === reader.id
    const lost = said.some((s) => isMember(s.field) && ([s.value].flat() as string[]).some((u) => !members.has(u)))
    if (!id || own || lost) errors.push({ line, column: null, problem: !id ? 'unknown' : own ? 'own' : 'member' })
    else {
      ready++
      for (const { field, value } of said)
        facts.push({ id, field, value: isMember(field) ? idsIn(value, members) : value })
    }
  }
  return { facts, errors: errors.sort((a, b) => a.line - b.line), ready }
}

const idsIn = (value: FactValue, members: ReadonlyMap<string, string>): FactValue =>
  Array.isArray(value) ? value.map((userid) => members.get(userid)!) : members.get(value as string)!

const same = (a: FactValue, b: FactValue): boolean => canonical(a) === canonical(b)

function countsOf(field: Field, facts: readonly rows.Written[], before: Standing) {
  const there = new Map(before.filter((b) => b.field === field).map((b) => [`${b.source} ${b.id}`, b.value]))
  const counts = { added: 0, changed: 0, same: 0, behind: 0 }
  for (const { id, value } of facts.filter((f) => f.field === field)) {
    const [old, hand] = [there.get(`csv ${id}`), there.get(`hand ${id}`)]
    counts[old === undefined ? 'added' : same(old, value) ? 'same' : 'changed']++
    if (hand !== undefined && !same(hand, value)) counts.behind++
  }
  return counts
}

const digestOf = (facts: readonly rows.Written[], before: Standing): string => {
  const sorted = (list: readonly object[]) => list.map((one) => canonical(one as Json)).sort()
  return createHash('sha256')
    .update(canonical([sorted(facts), sorted(before)]))
    .digest('hex')
}
