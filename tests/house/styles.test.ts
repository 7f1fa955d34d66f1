import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { textsIn } from './texts'

/**
 * Each component brings its own styles, and a page loads only what it imports: a class whose style stands in a component
 * of another page works or not by what was opened before.
 */
const parts = textsIn(['src/client'], /\.vue$/).map(({ path, text }) => ({
  path,
  classes: [...match(text, /<template>([\s\S]*)<\/template>/)[0].matchAll(/(?<![:\w-])class="([^"]+)"/g)]
    .flatMap(([, names = '']) => names.split(/\s+/))
    .filter((name) => !name.startsWith('van-')),
  styles: match(text, /<style>([\s\S]*?)<\/style>/)[0].replace(/\/\*[\s\S]*?\*\//g, ''),
  imports: [...text.matchAll(/from '(\.[^']+\.vue)'/g)].map(([, to = '']) => join(dirname(path), to)),
  later: [...text.matchAll(/import\('(\.[^']+\.vue)'\)/g)].map(([, to = '']) => join(dirname(path), to)),
}))
const byPath = new Map(parts.map((part) => [part.path, part]))
const theme = readFileSync('src/client/ui/theme.css', 'utf8')

function match(text: string, what: RegExp): [string] {
  return [what.exec(text)?.[1] ?? '']
}
const named = (css: string) => new Set([...css.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = '']) => name))
/** Classes that a rule begins with: whoever has such a rule owns the class. */
const owned = (css: string) =>
  new Set(
    css
      .split('{')
      .flatMap((before) => before.split('}').at(-1)?.split(',') ?? [])
      .flatMap((selector) => /^\s*\.([a-z][\w-]*)/.exec(selector)?.[1] ?? []),
  )

function loadedBy(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  byPath.get(path)?.imports.forEach((to) => loadedBy(to, seen))
  return seen
}
const stylesOf = new Map(
  parts.map(({ path }) => [path, new Set([...loadedBy(path)].flatMap((p) => [...named(byPath.get(p)?.styles ?? '')]))]),
)

/** By itself, or by every part that may show it. */
function isStyled(name: string, path: string): boolean {
  if (stylesOf.get(path)?.has(name)) return true
  const above = parts.filter(({ imports, later }) => imports.includes(path) || later.includes(path))
  return above.length > 0 && above.every((part) => isStyled(name, part.path))
}

it('every class of a component is styled wherever it is shown', () => {
  const everywhere = named(theme)
  const somewhere = new Set(parts.flatMap(({ styles }) => [...named(styles)]))
  const used = parts.flatMap(({ path, classes }) => classes.map((name) => ({ path, name })))
  expect(used.length).toBeGreaterThan(300)
  const lost = used.filter(({ name, path }) => somewhere.has(name) && !everywhere.has(name) && !isStyled(name, path))
  expect(lost).toEqual([])
})

it('no two components style the same class', () => {
  const owners = new Map<string, string[]>()
  for (const { path, styles } of parts)
    for (const name of owned(styles)) owners.set(name, [...(owners.get(name) ?? []), path])
  expect([...owners].filter(([, paths]) => paths.length > 1)).toEqual([])
})
