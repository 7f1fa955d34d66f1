import { readFileSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/**
 * What a page looks like, as text: of everything that is seen, where it stands, how big it is, its letters and its colours, light
 * and dark. Pictures differ between machines by their fonts' edges and nothing else; these do not, and what differs can be read.
 */
const FILE = 'tests/e2e/looks.txt'
/** Another browser rounds differently. */
const PIXELS = 3
const WRITE = process.env['LOOKS'] === 'write'

const kept = new Map(
  readFileSync(FILE, 'utf8')
    .split(/^# /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.trim().split('\n')
      return [name, lines] as const
    }),
)

/** What differs from the look that was kept; `LOOKS=write` keeps this one. */
export async function compareLook(page: Page, name: string): Promise<string[]> {
  const now = await lookOf(page)
  if (!WRITE) return differences(kept.get(name) ?? [], now)
  kept.set(name, now)
  writeFileSync(FILE, [...kept].map(([name, lines]) => `# ${name}\n${lines.join('\n')}\n`).join('\n'))
  return []
}

/** Light or dark; what fades from one to the other has got there. */
export async function intoTone(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.waitForTimeout(80)
  await page.evaluate(() => document.getAnimations().forEach((one) => one.finish()))
}

async function lookOf(page: Page): Promise<string[]> {
  await page.evaluate(() => scrollTo(0, 0))
  const read = async (colorScheme: 'light' | 'dark') => {
    await intoTone(page, colorScheme)
    return page.evaluate<[string, string][]>(READ)
  }
  const dark = await read('dark')
  const light = await read('light')
  return light.map(([shape, colours], n) => `${shape} | ${colours} | ${dark[n]?.[1] ?? '?'}`)
}

/**
 * Runs in the page. Digits and digests become 00, so that one is as wide as another. Where something stands is told from what comes before
 * it, so that one thing that moves is one line that differs. A text is as wide as its words, which is nobody's design.
 */
const READ = `(() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/\\b[0-9a-f]{6,}\\b|\\d+/g, '00')
  const hex = (colour) => colour.replace(/rgba?\\(([^)]*)\\)/g, (_, parts) => {
    const [r, g, b, a = 1] = parts.split(/[ ,/]+/).map(Number)
    return a === 0 ? '-' : '#' + [r, g, b].map((n) => n.toString(16).padStart(2, '0')).join('') + (a < 1 ? '/' + a : '')
  })
  const clear = (colour) => hex(colour) === '-'
  let before = 0
  return [...document.querySelectorAll('body *')].flatMap((e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e)
    if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || e.closest('.only-heard, svg svg, svg > *')) return []
    const words = [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    const edge = ['Top', 'Bottom', 'Left'].map((side) => parseFloat(style['border' + side + 'Width']) ? hex(style['border' + side + 'Color']) : '').find((c) => c && c !== '-') ?? ''
    const filled = !clear(style.backgroundColor) || edge || e.matches('svg, button, input, textarea, select')
    if (!words && !filled) return []
    const top = Math.round(box.top + scrollY), step = top - before
    before = top
    const name = e.localName + [...e.classList].slice(0, 2).map((c) => '.' + c).join('')
    const letters = words ? style.fontSize.replace('px', '') + '/' + style.fontWeight : ''
    const radius = parseFloat(style.borderTopLeftRadius) ? 'r' + parseFloat(style.borderTopLeftRadius) : ''
    const place = Math.round(box.left) + ' ' + (step < 0 ? '' : '+') + step + ' ' + (filled ? Math.round(box.width) : '~') + 'x' + Math.round(box.height)
    const colours = [words || e.localName === 'svg' ? hex(style.color) : '', clear(style.backgroundColor) ? '' : 'on ' + hex(style.backgroundColor), edge && 'edge ' + edge]
    return [[[name, place, letters, radius].filter(Boolean).join(' '), colours.filter(Boolean).join(' ') || '-']]
  })
})()`

/** Where numbers may be a little off: the place and the size, second to fourth. */
function differences(before: readonly string[], now: readonly string[]): string[] {
  if (!before.length) return ['no look is kept']
  const found: string[] = []
  for (let n = 0; n < Math.max(before.length, now.length); n++) {
    const [was = '(nothing)', is = '(nothing)'] = [before[n], now[n]]
    if (!alike(was, is)) found.push(`${n}: was ${was}, is ${is}`)
  }
  return found.slice(0, 12)
}

function alike(was: string, is: string): boolean {
  if (was === is) return true
  const [a, b] = [parts(was), parts(is)]
  return a.rest === b.rest && a.numbers.every((number, n) => Math.abs(number - (b.numbers[n] ?? NaN)) <= PIXELS)
}
function parts(line: string) {
  const [, name = line, left, step, width, height, rest = ''] =
    /^(\S+) (-?\d+) ([+-]\d+) (\d+|~)x(\d+)(.*)$/.exec(line) ?? []
  return {
    rest: name + rest + (width === '~' ? '~' : ''),
    numbers: [left, step, width === '~' ? 0 : width, height].map(Number),
  }
}
