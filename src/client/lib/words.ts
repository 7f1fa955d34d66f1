import { ref, shallowReactive } from 'vue'
import { languages, type Language } from '../../shared/lang/fill'
import { app } from '../../shared/lang/zh-CN/app'
import type { asking } from '../../shared/lang/zh-CN/asking'
import type { ended } from '../../shared/lang/zh-CN/ended'
import { sidebar } from '../../shared/lang/zh-CN/sidebar'
import type { restoring } from '../../shared/lang/zh-CN/restoring'
import type { seeing } from '../../shared/lang/zh-CN/seeing'
import type { working } from '../../shared/lang/zh-CN/working'
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
  working: typeof working
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
    working: () => import('../../shared/lang/zh-CN/working'),
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
    working: () => import('../../shared/lang/en/working'),
    timeline: () => import('../../shared/lang/en/timeline'),
  },
}

const KEY = 'jiebang.language'
const kept = readKept(localStorage, KEY)
const first: Language = languages.find((l) => l === kept) ?? (/^zh\b/i.test(navigator.language) ? 'zh-CN' : 'en')

const locale = ref<Language>('zh-CN')
/** The words that are here, by their first name; a page that shows them follows when others come. */
const known = shallowReactive<Record<Language, Readonly<Record<string, unknown>>>>({ 'zh-CN': { app }, en: {} })

const needed = new Set<Part>(['app'])
const loaded = new Set(['zh-CN app'])
/** What the reader asked for; `language()` follows once its words are here. */
let target = first

async function loadInto(into: Language, part: Part): Promise<void> {
  if (loaded.has(`${into} ${part}`)) return
  const came = await sources[into][part]()
  known[into] = { ...known[into], ...came }
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

export const language = (): Language => locale.value

export async function chooseLanguage(to: Language): Promise<void> {
  target = to
  try {
    await Promise.all([...needed].map((part) => loadInto(to, part)))
  } catch (thrown) {
    target = language()
    throw thrown
  }
  locale.value = to
  document.documentElement.lang = to
  writeKept(localStorage, KEY, to)
}

/** The reader's first language: what was chosen last, else the client's. Stays Chinese if its words do not come. */
export const startLanguage = (): Promise<void> =>
  first === language() ? Promise.resolve() : chooseLanguage(first).catch(() => undefined)

export type WordParams = Readonly<Record<string, string | number>>

/** A sentence in the reader's language, else in Chinese; with `count` it takes the form for one or for many. */
export function t(key: WordKey, params: WordParams = {}): string {
  const sentence = find(language(), key) ?? find('zh-CN', key)
  if (sentence === undefined) {
    // eslint-disable-next-line no-console -- while we build it: a test that hears it fails
    if (import.meta.env.DEV) console.warn(`no words for ${key}`)
    return key
  }
  const [one = '', many = one] = sentence.split(' | ')
  const { count } = params
  return (typeof count === 'number' && count !== 1 ? many : one).replace(/\{(\w+)\}/g, (place, name: string) =>
    String(params[name] ?? place),
  )
}

function find(into: Language, key: string): string | undefined {
  let at: unknown = known[into]
  for (const name of key.split('.')) at = typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined
  return typeof at === 'string' ? at : undefined
}
