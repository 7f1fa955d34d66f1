import * as z from 'zod/mini'
import { digestField, done, endpoint, instant, nothing, words } from './endpoint'
import { house } from './field'
import { languages, type Language } from './lang/fill'

/**
 * The texts customers read, as versioned data (compliance 3.2 to 3.4, 4.4). The built-in words of `lang/` are version 1; what
 * compliance writes becomes the next version when a second person confirms it, and no version ever changes.
 */
export const textNames = [
  'page',
  'M1',
  'M1s',
  'M2',
  'M2c',
  'M3',
  'M4',
  'M5',
  'M6',
  'M7',
  'M8',
  'M9',
  'hello',
  'after_no',
  'where_is',
  'M10',
  'card',
  'card_ask',
  'card_result',
] as const
export type TextName = (typeof textNames)[number]
export type TextKind = 'page' | 'message' | 'card'
export const kindOf = (name: TextName): TextKind =>
  name === 'page' ? 'page' : name.startsWith('card') ? 'card' : 'message'

/** Part → words. A message has one part, a card two, the page one for each sentence (`first.what`, `full.rights.1`). */
export type Parts = Record<string, string>
export type Words = Record<Language, Parts>

/** What a change of a text does (compliance 4.4). */
export const changeClasses = ['editorial', 'notice_material', 'consent_material'] as const
export type ChangeClass = (typeof changeClasses)[number]

const notice = ['company', 'old', 'new', 'date', 'url', 'tel'] as const
const script = ['company', 'old', 'new', 'tel'] as const
/** What each text may be filled with; a place that is not named here cannot be published (3.2). */
export const placesFor: Record<TextName, readonly string[]> = {
  page: [
    ...['company', 'old', 'new', 'who', 'last', 'date', 'visible', 'hidden', 'purpose', 'version'],
    ...['tel', 'mail', 'person', 'address', 'department', 'alternative'],
  ],
  M1: notice,
  M1s: ['company', 'old', 'new', 'tel'],
  M2: notice,
  M2c: ['company', 'new', 'changed', 'url', 'tel'],
  M3: ['company', 'old', 'new', 'data', 'purpose', 'url', 'tel'],
  M4: ['matter', 'new', 'url', 'receipt'],
  M5: ['time', 'matter', 'deadline', 'url', 'receipt'],
  M6: ['number', 'department', 'until', 'url'],
  M7: ['number', 'result', 'url'],
  M8: ['company', 'staff', 'rules', 'tel'],
  M9: ['company', 'old', 'new', 'child', 'url', 'tel'],
  hello: script,
  after_no: script,
  where_is: script,
  M10: ['company', 'old', 'new', 'date', 'tel'],
  card: [],
  card_ask: [],
  card_result: [],
}

const problem = house({
  kind: z.enum(['place', 'brace', 'empty', 'differs', 'missing', 'long', 'said']),
  weight: z.enum(['refuse', 'warn']),
  language: z.enum(languages),
  part: z.string(),
  /** The place, the element (N1 …), the rule, or how long it is. */
  what: z.string(),
  /** What was found, or how long it may be. */
  found: z.string(),
})
export type Problem = z.output<typeof problem>

const name = z.enum(textNames)
/** As asked for: one that does not exist is not found. */
const asked = z.string().check(z.minLength(1), z.maxLength(20))
export const textNamed = (given: string): TextName | null => textNames.find((one) => one === given) ?? null
const parts = z.record(z.string(), z.string())
const bothWords = z.object({ 'zh-CN': parts, en: parts })
const sentence = z.string().check(z.maxLength(4000), z.regex(/^[^\u0000]*$/))
const givenParts = z.record(z.string().check(z.maxLength(40)), sentence)
const given = z.object({ 'zh-CN': givenParts, en: givenParts })
/** What changed, in the words the customer is told (M2c). */
const told = z.object({ 'zh-CN': z.string(), en: z.string() })

const version = house({
  version: z.number(),
  since: instant,
  class: z.enum(changeClasses),
  reason: z.string(),
  /** null: it came with a release. */
  by: z.nullable(z.string()),
  confirmedBy: z.nullable(z.string()),
})
export type TextVersion = z.output<typeof version>

const draft = house({
  state: z.enum(['draft', 'proposed']),
  words: bothWords,
  digest: z.string(),
  class: z.nullable(z.enum(changeClasses)),
  reason: z.nullable(z.string()),
  changed: z.nullable(told),
  by: z.string(),
  at: instant,
  /** The reader wrote it: somebody else must confirm it. */
  mine: z.boolean(),
  /** Why it came back. */
  rejected: z.nullable(z.object({ by: z.string(), reason: z.string() })),
})
export type TextDraft = z.output<typeof draft>

export const listTexts = endpoint({
  method: 'GET',
  path: '/api/texts',
  access: ['compliance'],
  input: nothing,
  output: house({
    items: z.array(
      house({
        name,
        version: z.number(),
        since: instant,
        draft: z.nullable(house({ state: z.enum(['draft', 'proposed']), by: z.string(), mine: z.boolean() })),
      }),
    ),
  }),
})

/** One text: the words in use, what is being written, how it is filled, what stands against it. */
export const getText = endpoint({
  method: 'GET',
  path: '/api/texts/:name',
  access: ['compliance'],
  input: z.object({ name: asked }),
  output: house({
    name,
    places: z.array(z.string()),
    /** In the order in which they are shown; a version keeps them without order. */
    parts: z.array(z.string()),
    words: bothWords,
    /** Of the version in use: what a draft is begun from. */
    digest: z.string(),
    versions: z.array(version),
    draft: z.nullable(draft),
    /** The longest real value of each place. */
    samples: z.object({ 'zh-CN': parts, en: parts }),
    problems: z.array(problem),
  }),
})
export type TextShown = z.output<typeof getText.output>

/** An earlier version, word for word. */
export const getTextVersion = endpoint({
  method: 'GET',
  path: '/api/texts/:name/versions/:version',
  access: ['compliance'],
  input: z.object({ name: asked, version: z.coerce.number().check(z.int(), z.gte(1), z.lte(100_000)) }),
  output: house({ version, words: bothWords, digest: z.string() }),
})

/** Looks at words without keeping them: while somebody writes. */
export const checkText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/check',
  access: ['compliance'],
  shows: true,
  input: z.object({ name: asked, words: given }),
  output: house({ problems: z.array(problem) }),
})

/** The customer's page with these words, filled with the longest values: nothing is kept, nobody sees it but the writer. */
export const previewText = endpoint({
  method: 'POST',
  path: '/api/text-preview',
  access: ['compliance'],
  shows: true,
  input: z.object({ words: given, language: z.enum(languages), page: z.enum(['first', 'full']) }),
  output: house({ html: z.string() }),
})

/** Keeps what is being written. `digest` of what it was begun from, so that two do not write over each other. */
export const saveText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/draft',
  access: ['compliance'],
  input: z.object({ name: asked, words: given, on: digestField }),
  output: house({ digest: z.string(), problems: z.array(problem) }),
})

const short = words(60)
/** The author says what kind of change it is and why. Refused while an element is missing or something forbidden is said. */
export const proposeText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/propose',
  access: ['compliance'],
  input: z.object({
    name: asked,
    digest: digestField,
    class: z.enum(changeClasses),
    reason: words(300),
    /** For a change that customers are told of. */
    changed: z.optional(z.object({ 'zh-CN': short, en: words(160) })),
  }),
  output: done,
})

const decision = z.object({ name: asked, digest: digestField })
/** By a second person, who confirms the words and the class: it is in use from then on. */
export const confirmText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/confirm',
  access: ['compliance'],
  fresh: true,
  input: z.object({ ...decision.shape, class: z.enum(changeClasses) }),
  output: house({ version: z.number() }),
})
export const rejectText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/reject',
  access: ['compliance'],
  input: z.object({ ...decision.shape, reason: words(300) }),
  output: done,
})
/** What is in use stays; only what was being written goes. */
export const discardText = endpoint({
  method: 'POST',
  path: '/api/texts/:name/discard',
  access: ['compliance'],
  input: decision,
  output: done,
})
