import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import {
  fieldClasses,
  purposesOf,
  rowOf,
  stages,
  standpoints,
  type Shown,
  type Stage,
  type Standpoint,
} from '../../src/shared/access'
import { endpoints, leavesOf } from '../support/fields'

const PAGE = 'docs/access.md'

const classWords = {
  F0: 'routing: item id, surname + \\*, status, amount of work',
  F1: 'contact: name, company, title, since when',
  F2: 'service: promises, remarks, tags, history',
  F3: 'commercial and identifying: phone, e-mail, address, amounts',
  F4: 'raw communication: chats, recordings, files',
  F5: 'sensitive: ID and bank card numbers, health, finance, children',
  F6: 'internal: complaint and objection text, judgements',
}
const stageWords: Record<Stage, string> = {
  V0: 'before approval',
  V1: 'approved, customer not yet told',
  V2: 'taken over and told',
  V3: 'and the customer consented to a purpose',
  VR: 'a purpose refused or withdrawn',
  VO: 'objection open, or colleague refused',
  VG: 'a child whose guardian has not agreed, or no approval',
  VB: 'taken over, and no legal basis is on record for it now',
  VX: 'ended',
}
const whoWords: Record<Standpoint, string> = {
  successor: 'successor',
  serving: 'serves the customer, nothing inherited',
  departing: 'the same, announced to leave',
  covering: 'opened it in an emergency',
  duty: 'on duty while WeCom waits',
  departed: 'has left',
  staff: 'other staff',
  manager: 'team lead',
  allocator: 'allocator',
  approver: 'approver',
  compliance: 'compliance',
  hr: 'HR',
  admin: 'system administrator',
  auditor: 'auditor',
  customer: 'customer (by the link)',
}
const how: Record<Shown, (c: string) => string> = {
  plain: (c) => c,
  masked: (c) => `${c} masked`,
  flag: (c) => `${c} flag`,
  consented: (c) => `${c} per consented purpose`,
  closed: () => '',
}

const cell = (who: Standpoint, stage: Stage): string =>
  fieldClasses
    .map((c) => how[rowOf(who, stage)[c] ?? 'closed'](c))
    .filter(Boolean)
    .join(', ') || '—'

/** The documentation page, from the table and the schemas and nothing else. */
function page(): string {
  const lines = [
    '# Who sees what',
    '',
    'Written by `ACCESS=write npx vitest run --project node tests/shared/fields.test.ts` from `src/shared/access.ts` and the',
    'schemas of the endpoints; do not edit it. A test fails while it says something else than the code.',
    '',
    '## Classes of fields',
    '',
    '| Class | What | Opened by consent to |',
    '|---|---|---|',
    ...fieldClasses.map(
      (c) => `| ${c} | ${classWords[c]} | ${purposesOf[c]?.map((p) => `\`${p}\``).join(', ') ?? ''} |`,
    ),
    '',
    '## Stages of a handover',
    '',
    ...stages.map((s) => `- **${s}** ${stageWords[s]}`),
    '',
    '## Role by stage',
    '',
    'What is not named is closed. Masked: in part, in full for thirty seconds and a reason. Flag: that there is something.',
    '',
    `| | ${stages.join(' | ')} |`,
    `|---|${stages.map(() => '---|').join('')}`,
    ...standpoints.map((who) => `| **${whoWords[who]}** | ${stages.map((s) => cell(who, s)).join(' | ')} |`),
    '',
    '## Fields of every answer',
    '',
    'House: of no customer, or a number about many.',
    ...endpoints.flatMap((e) => {
      const groups = new Map<string, string[]>()
      for (const [path, stands] of leavesOf(e.output))
        groups.set(stands ?? 'house', [...(groups.get(stands ?? 'house') ?? []), `\`${path}\``])
      const order = [...groups].sort(([a], [b]) => a.localeCompare(b))
      return [
        '',
        `### ${e.method} ${e.path}`,
        '',
        ...order.map(([c, paths]) => `- ${c}: ${[...new Set(paths)].join(' ')}`),
      ]
    }),
    '',
  ]
  return lines.join('\n')
}

describe('every field of every answer', () => {
  it('belongs to a class, or is said to be of no customer (T-13, T-24)', () => {
    expect(endpoints.length).toBeGreaterThan(30)
    const unsaid = endpoints.flatMap((e) =>
      [...leavesOf(e.output)]
        .filter(([, stands]) => stands === undefined)
        .map(([path]) => `${e.method} ${e.path} ${path}`),
    )
    expect(unsaid).toEqual([])
  })

  it('of what only a consent opens is in the brief alone; what is sensitive has no field at all (T-14)', () => {
    const holding = (fieldClass: string) =>
      endpoints.filter((e) => [...leavesOf(e.output)].some(([, stands]) => stands === fieldClass)).map((e) => e.path)
    expect(holding('F4')).toEqual(['/api/brief'])
    expect(holding('F5')).toEqual([])
  })

  it('is in docs/access.md', async () => {
    const text = await format(page(), { ...(await resolveConfig(PAGE)), parser: 'markdown' })
    if (process.env['ACCESS'] === 'write') writeFileSync(PAGE, text)
    expect(readFileSync(PAGE, 'utf8')).toBe(text)
  })
})
