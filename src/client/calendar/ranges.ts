import { dateWords } from '../lib/when'

const DAY_MS = 86_400_000
const follows = (day: string, before: string): boolean => Date.parse(day) - Date.parse(before) === DAY_MS

/** `10月1日–10月7日、10月10日`: runs of days as people say them. */
export function rangesOf(days: readonly string[]): string {
  const runs: [string, string][] = []
  for (const day of days) {
    const last = runs.at(-1)
    if (last && follows(day, last[1])) last[1] = day
    else runs.push([day, day])
  }
  const now = new Date(`${days[0] ?? '2000-01-01'}T12:00:00+08:00`)
  return runs
    .map(([from, to]) => (from === to ? dateWords(from, now) : `${dateWords(from, now)}–${dateWords(to, now)}`))
    .join(' · ')
}
