import { historyAbout, type HistoryAbout, type HistoryEntry, type HistoryKind } from '../../shared/history'
import { masked as en } from '../../shared/lang/en/masked'
import { masked as zh } from '../../shared/lang/zh-CN/masked'
import { entryOf, historyAfter, historyPage, historyPlace } from '../db/history'
import type { Db } from '../db/open'
import { readableIn, type Sight } from '../lib/cut'

interface Search {
  customer: string
  reader: string
  sight: Sight
  after: string | undefined
  limit: number
  language: 'zh-CN' | 'en'
  about?: HistoryAbout | undefined
  words?: string | undefined
}

const BATCH = 100
/** So many entries are looked at for one page of a search; whoever wants more asks for the next. */
const MOST = 1000

const kindsOf = (about: HistoryAbout): HistoryKind[] =>
  (Object.keys(historyAbout) as HistoryKind[]).filter((kind) => historyAbout[kind] === about)

/**
 * A page of the history, of one kind or with words in it. The database finds where they stand; only what the reader may read of
 * it counts (compliance 6.3: masked before search hits), or a search would tell a hidden number digit by digit.
 */
export async function findHistory(db: Db, search: Search): Promise<{ items: HistoryEntry[]; next: string | null }> {
  const { customer, reader, limit, about, words } = search
  const wish = { ...(about ? { kinds: kindsOf(about) } : {}), ...(words ? { words } : {}) }
  if (!words) return historyPage(await historyAfter(db, customer, reader, search.after, limit, wish).execute(), limit)
  const items: HistoryEntry[] = []
  let after = search.after
  for (let looked = 0; looked < MOST; looked += BATCH) {
    const rows = await historyAfter(db, customer, reader, after, BATCH, wish).execute()
    const batch = rows.slice(0, BATCH).map(entryOf)
    for (const [n, entry] of batch.entries()) {
      after = historyPlace(entry)
      if (says(entry, words, search)) items.push(entry)
      const last = n === batch.length - 1 && rows.length <= BATCH
      if (items.length === limit) return { items, next: last ? null : after }
    }
    if (rows.length <= BATCH) return { items, next: null }
  }
  return { items, next: after ?? null }
}

function says({ author, body }: HistoryEntry, words: string, { sight, language }: Search): boolean {
  const read = readableIn(body, language === 'en' ? en : zh, sight)
  const wanted = words.toLowerCase()
  return [author ?? '', ...textsIn(read)].some((text) => text.toLowerCase().includes(wanted))
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []
