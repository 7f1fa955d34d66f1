import { createI18n, type MessageContext } from 'vue-i18n'

import { languages, type Language } from '../../shared/lang/fill'
import { app } from '../../shared/lang/zh-CN/app'
import type { asking } from '../../shared/lang/zh-CN/asking'
import type { ended } from '../../shared/lang/zh-CN/ended'
import { sidebar } from '../../shared/lang/zh-CN/sidebar'
import type { restoring } from '../../shared/lang/zh-CN/restoring'
import type { seeing } from '../../shared/lang/zh-CN/seeing'
import type { timeline } from '../../shared/lang/zh-CN/timeline'
import type { wecom, workbench } from '../../shared/lang/zh-CN/workbench'
import { readKept, writeKept } from './kept'

/** The words of a page travel with it; those of the other language only when it is asked for. */
type Parts = {
  app: typeof app
  ended: typeof ended
  sidebar: typeof sidebar
  workbench: typeof workbench
  restoring: typeof restoring
  seeing: typeof seeing
  asking: typeof asking
  timeline: typeof timeline
}
type Part = keyof Parts
type Paths<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}` }[keyof T & string]
/** Every key there is, so that a wrong one does not compile; the errcodes' words come with the workbench's. */
export type WordKey = Paths<Parts & { wecom: typeof wecom }>

const sources: Record<Language, Record<Part, () => Promise<object>>> = {
  'zh-CN': {
    app: () => Promise.resolve({ app }),
    sidebar: () => Promise.resolve({ sidebar }),
    workbench: () => import('../../shared/lang/zh-CN/workbench'),
    restoring: () => import('../../shared/lang/zh-CN/restoring'),
    ended: () => import('../../shared/lang/zh-CN/ended'),
    seeing: () => import('../../shared/lang/zh-CN/seeing'),
    asking: () => import('../../shared/lang/zh-CN/asking'),
    timeline: () => import('../../shared/lang/zh-CN/timeline'),
  },
  en: {
    app: () => import('../../shared/lang/en/app'),
    sidebar: () => import('../../shared/lang/en/sidebar'),
    workbench: () => import('../../shared/lang/en/workbench'),
    restoring: () => import('../../shared/lang/en/restoring'),
    ended: () => import('../../shared/lang/en/ended'),
    seeing: () => import('../../shared/lang/en/seeing'),
    asking: () => import('../../shared/lang/en/asking'),
    timeline: () => import('../../shared/lang/en/timeline'),
  },
}

/**
 * Sentences become message functions: places and `one | many`, all that ours use. vue-i18n's own compiler would cost 5 KB
 * gz in the browser, its build plugin a dependency.
 */
const message = (sentence: string) => (context: MessageContext<string>) => {
  const forms = sentence.split(' | ')
  const form = forms.length > 1 ? context.plural(forms) : sentence
  return form.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = context.named(name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : place
  })
}

const messages = (words: object): Messages =>
  Object.fromEntries(
    Object.entries(words).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? message(value) : messages(value as object),
    ]),
  )
interface Messages {
  [key: string]: Messages | ReturnType<typeof message>
}

const KEY = 'jiebang.language'
const kept = readKept(localStorage, KEY)
const first: Language = languages.find((l) => l === kept) ?? (/^zh\b/i.test(navigator.language) ? 'zh-CN' : 'en')

const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': messages({ app }) },
  missingWarn: import.meta.env.DEV,
  fallbackWarn: import.meta.env.DEV,
})
export const words = i18n

const needed = new Set<Part>(['app'])
const loaded = new Set(['zh-CN app'])
/** What the reader asked for; `language()` follows once its words are here. */
let target = first

async function loadInto(into: Language, part: Part): Promise<void> {
  if (loaded.has(`${into} ${part}`)) return
  i18n.global.mergeLocaleMessage(into, messages(await sources[into][part]()))
  loaded.add(`${into} ${part}`)
}

/** Before a page is shown: the words it needs, in the language chosen. */
export async function loadWords(part: Part): Promise<void> {
  needed.add(part)
  await Promise.all([...new Set([language(), target])].map((into) => loadInto(into, part)))
}

/** A component whose words come with it, not with the first screen. */
export async function withWords<T>(part: Part, component: Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([component, loadWords(part)])
  return loaded
}

export const language = (): Language => i18n.global.locale.value as Language

export async function chooseLanguage(to: Language): Promise<void> {
  target = to
  try {
    await Promise.all([...needed].map((part) => loadInto(to, part)))
  } catch (thrown) {
    target = language()
    throw thrown
  }
  i18n.global.locale.value = to
  document.documentElement.lang = to
  writeKept(localStorage, KEY, to)
}

/** The reader's first language: what was chosen last, else the client's. Stays Chinese if its words do not come. */
export const startLanguage = (): Promise<void> =>
  first === language() ? Promise.resolve() : chooseLanguage(first).catch(() => undefined)

export type WordParams = Readonly<Record<string, string | number>>

/** A sentence in the reader's language; with `count` it takes the form for one or for many. */
export const t = (key: WordKey, params: WordParams = {}): string => {
  const count = params['count']
  return typeof count === 'number' ? i18n.global.t(key, params, count) : i18n.global.t(key, params)
}
