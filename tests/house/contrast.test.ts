import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Every pair of colours that the tokens let stand on each other, in both tones (Q62); what is drawn, axe looks at (Q61). */
type Tokens = Record<string, string>

/** What a style sheet sets on the root, in the light and in the dark. */
function tokensOf(file: string): Record<'light' | 'dark' | 'large', Tokens> {
  const css = readFileSync(file, 'utf8')
  const set = (block: string): Tokens =>
    Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\b/gi)].map(([, name, hex]) => [name, hex]))
  const light = set(/^:root \{([^}]*)\}/m.exec(css)?.[1] ?? '')
  const dark = set(/prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/.exec(css)?.[1] ?? '')
  const large = set(/html\.large \{([^}]*--[^}]*)\}/.exec(css)?.[1] ?? '')
  return { light, dark: { ...light, ...dark }, large: { ...light, ...large } }
}

function luminance(hex: string): number {
  const long = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(long.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** Those that are not far enough apart, with how far they are. */
const tooNear = (tokens: Tokens, pairs: readonly (readonly [string, string])[], least: number): string[] =>
  pairs.flatMap(([on, under]) => {
    const [a, b] = [tokens[on], tokens[under]]
    if (!a || !b) return [`${on} on ${under}: no such token`]
    const is = contrast(a, b)
    return is < least ? [`${on} on ${under}: ${is.toFixed(2)}`] : []
  })
const each = (on: readonly string[], under: readonly string[]) => on.flatMap((a) => under.map((b) => [a, b] as const))

describe('colours that stand on each other (Q62)', () => {
  const tones = ['blue', 'green', 'red', 'amber']
  const text = [
    ...each(['ink', 'ink-2', ...tones], ['paper', 'ground']),
    ...tones.map((tone) => [tone, `${tone}-wash`] as const),
    ...each(
      ['ink'],
      tones.map((tone) => `${tone}-wash`),
    ),
    ['on-blue', 'blue'] as const,
  ]
  it.each(['light', 'dark'] as const)('are 4.5 to 1 for words and 3 to 1 for edges in the workbench, %s', (tone) => {
    const tokens = tokensOf('src/client/ui/theme.css')[tone]
    expect(tooNear(tokens, text, 4.5)).toEqual([])
    expect(tooNear(tokens, each(['edge', 'blue'], ['paper', 'ground']), 3)).toEqual([])
  })

  const letter = [
    ...each(['ink', 'soft', 'blue', 'red'], ['paper', 'desk']),
    ['ink', 'wash'],
    ['soft', 'wash'],
  ] as const
  it.each([
    ['light', 4.5],
    ['dark', 4.5],
    ['large', 7],
  ] as const)('are so on the customer’s page, %s: %d to 1', (tone, least) => {
    const tokens = tokensOf('src/server/letter/letter.css')[tone]
    expect(tooNear(tokens, [...letter, ['on-blue', 'blue']], least)).toEqual([])
  })

  it('and large letters in the dark are 7 to 1 as they are', () => {
    expect(tooNear(tokensOf('src/server/letter/letter.css').dark, letter, 7)).toEqual([])
  })

  it('two that are too near are seen', () => {
    expect(tooNear({ a: '#777', b: '#fff' }, [['a', 'b']], 4.5)).toEqual(['a on b: 4.48'])
  })
})
