import { consentPurposes } from '../../shared/consent'
import type { Proof } from '../db/consent'
import { addressOf } from '../lib/address'
import { questionOf, questionTemplate } from '../lib/question'
import type { Choice } from './choice-rows'
import type { Visit } from './doors'
import type { Reader } from './identity'

/** What the page's script adds to a form: the reader's clock, how large, how long. Facts, and never a reason to refuse (4.3). */
export type Pressed = Partial<Record<string, string>>

const number = (text: string | undefined, most: number): number | null => {
  const value = Number(text)
  return text !== undefined && text !== '' && value >= 0 && value <= most ? Math.round(value) : null
}

/** What proves an answer: the text that stood there, that nothing was preselected, and of the device only its family. */
export function proofOf(
  { c, sheet, at, letter }: Visit,
  reader: Reader,
  choice: Choice,
  facts: Pressed,
  guardian: string | undefined,
): Proof {
  const { sha256 } = questionOf(sheet.language, choice.purpose, { who: choice.subject, until: choice.until })
  const child = consentPurposes[choice.purpose].guardian
  const said = number(facts['t'], 8.64e15)
  return {
    entity: child ? 'guardian' : 'customer',
    ial: reader.identity,
    channel: 'web_page',
    clientTime: said === null ? null : new Date(said),
    openidHash: reader.openidHash,
    net: networkOf(addressOf(c, sheet.config.TRUSTED_PROXIES)),
    browser: browserOf(c.req.header('user-agent') ?? ''),
    ...(guardian ? { guardianRelation: guardian } : {}),
    ui: {
      template: questionTemplate(choice.purpose),
      language: sheet.language,
      text_sha256: sha256,
      page_version: sheet.text?.version ?? null,
      handover: letter.handover,
      components: ['agree', 'refuse'],
      control_state_before: 'none',
      large: sheet.large,
      shown_at: at.toISOString(),
      viewport: /^\d{1,5}x\d{1,5}$/.test(facts['v'] ?? '') ? facts['v']! : null,
      text_px: number(facts['z'], 200),
      dwell_ms: number(facts['d'], 86_400_000),
      scrolled: facts['s'] === '1' ? true : facts['s'] === '0' ? false : null,
    },
  }
}

/** /24 and /48: enough to tell a phone network from an office, too little for a person. Whole addresses are stored nowhere. */
export function networkOf(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain)
  if (four) return `${four[1]}.0/24`
  const groups = plain.split(':')
  return groups.length > 2 && /^[\da-f:]+$/i.test(plain)
    ? `${groups
        .slice(0, 3)
        .map((g) => g || '0')
        .join(':')}::/48`
    : null
}

const families: readonly [string, RegExp][] = [
  ['WeCom', /wxwork/i],
  ['WeChat', /MicroMessenger/i],
  ['Edge', /Edg\//],
  ['Firefox', /Firefox/],
  ['Chrome', /Chrome/],
  ['Safari', /Safari/],
]
const browserOf = (agent: string): string | null => families.find(([, says]) => says.test(agent))?.[0] ?? null
