import { expect, it } from 'vitest'
import { textsIn } from './texts'

/** The one file that names what must not be said, because it looks for it. */
const LINTER = 'src/shared/textlint.ts'
const shown = textsIn(['src', 'public', 'index.html'], /\.(ts|vue|html|js|svg)$/).filter(({ path }) => path !== LINTER)

/** Compliance T-08 and 3.2: what no screen and no message may say. "Not agreeing" may be said, so a negation is let through. */
const NEVER = [
  /归公司所有|归(我们|本)?公司(拥有|占有)/,
  /公司拥有(您|你)的(个人)?信息/,
  /公司的?客户资产|客户是公司的?资产/,
  /默认同意|继续使用即(视为)?同意/,
  /(?<![不非]|不会|不能|不得|不应)(视为|等于|代表)(您|你)?(已经?)?同意/,
  /(belongs?|owned) (to|by) (the|our) company/i,
]

it.each(NEVER)('no text says %s (T-08)', (never) => {
  expect(shown.length).toBeGreaterThan(50)
  const found = shown.flatMap(({ path, text }) => {
    const at = never.exec(text)
    return at ? [`${path}: …${text.slice(Math.max(0, at.index - 20), at.index + 30)}…`] : []
  })
  expect(found).toEqual([])
})
