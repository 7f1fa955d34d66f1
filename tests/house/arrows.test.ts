import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser'
import { afterAll, expect, it } from 'vitest'

type Rules = IFlattenedRuleSet & { options: ICruiseOptions }
const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Rules

/** The rules some files break. */
async function broken(folders: string[], options: ICruiseOptions): Promise<string[]> {
  const { output } = await cruise(folders, {
    ...rules.options,
    ...options,
    validate: true,
    ruleSet: rules,
  })
  return (output as ICruiseResult).summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)
}

const fixture = mkdtempSync(join(tmpdir(), 'jiebang-arrows-'))
afterAll(() => rmSync(fixture, { recursive: true, force: true }))

it('holds everywhere: client -> shared <- server, mock beside them, tests above (DESIGN 5)', async () => {
  expect(await broken(['src', 'mock', 'tests'], {})).toEqual([])
})

it.each([
  ['no-mock-in-src', 'src/server/a/a.ts', '../../../mock/b'],
  ['no-src-in-mock', 'mock/a.ts', '../src/shared/b'],
  ['client-not-server', 'src/client/lib/a.ts', '../../server/lib/b'],
  ['server-not-client', 'src/server/lib/a.ts', '../../client/lib/b'],
  ['shared-is-the-floor', 'src/shared/a.ts', 'node:fs'],
  ['no-node-in-browser', 'src/client/lib/a.ts', 'node:fs'],
  ['client-feature-alone', 'src/client/notice/a.ts', '../promise/b'],
  ['client-feature-alone', 'src/client/notice/A.vue', '../promise/b'],
  ['client-feature-alone', 'src/client/notice/a.ts', '../router'],
  ['client-feature-alone', 'src/client/notice/a.ts', '../routes/b'],
  ['client-floor', 'src/client/ui/a.ts', '../notice/b'],
  ['client-lib-not-ui', 'src/client/lib/a.ts', '../ui/b'],
  ['server-feature-alone', 'src/server/notice/a.ts', '../promise/b'],
  ['server-feature-alone', 'src/server/notice/a.ts', '../app'],
  ['server-floor', 'src/server/db/a.ts', '../notice/b'],
  ['no-start-in-app', 'src/server/app.ts', './start'],
  ['resolves', 'src/shared/a.ts', './nowhere'],
  ['no-orphans', 'src/shared/a.ts', ''],
])('bites: %s, in %s importing %s', async (rule, from, to) => {
  rmSync(fixture, { recursive: true, force: true })
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(fixture, path)), { recursive: true })
    writeFileSync(join(fixture, path), text)
  }
  const line = to ? `import { b } from '${to}'\nexport const a = b\n` : 'export const a = 1\n'
  write(from, from.endsWith('.vue') ? `<script setup lang="ts">\n${line.replace('export ', '')}</script>\n` : line)
  if (to.startsWith('.') && rule !== 'resolves') write(join(dirname(from), `${to}.ts`), 'export const b = 1\n')
  writeFileSync(join(fixture, 'package.json'), '{}')
  const found = await broken([from.split('/')[0] ?? ''], { baseDir: fixture, cache: false, tsConfig: {} })
  expect(found.filter((line) => line.startsWith(`${rule}: ${from}`))).toHaveLength(1)
})

it('bites: no-circular', async () => {
  mkdirSync(join(fixture, 'src/shared'), { recursive: true })
  writeFileSync(join(fixture, 'src/shared/a.ts'), "import { b } from './b'\nexport const a = () => b\n")
  writeFileSync(join(fixture, 'src/shared/b.ts'), "import { a } from './a'\nexport const b = () => a\n")
  const found = await broken(['src'], { baseDir: fixture, cache: false, tsConfig: {} })
  expect(found.some((line) => line.startsWith('no-circular'))).toBe(true)
})
