import { factors } from '../../shared/allocation'
import type { RuleBody } from '../../shared/rule'
import { t } from '../lib/words'

/** Rules in plain words, part by part, so that two versions can be laid beside each other. */
export interface Part {
  name: 'order' | 'weights' | 'limits' | 'tier' | 'policy'
  sentences: string[]
}
export type Names = ReadonlyMap<string, string>

export function plainRules(body: RuleBody, names: Names): Part[] {
  return [
    { name: 'order', sentences: orderOf(body, names) },
    { name: 'weights', sentences: factors.map((f) => `${t(`workbench.rule.factor.${f}`)} ${body.weights[f]}%`) },
    { name: 'limits', sentences: [capsOf(body), t(`workbench.rule.sentence.even_${body.even ? 'on' : 'off'}`)] },
    { name: 'tier', sentences: [t(`workbench.rule.sentence.tier_${body.useTier ? 'on' : 'off'}`)] },
    {
      name: 'policy',
      sentences: body.policy.name
        ? [t('workbench.rule.sentence.policy', { name: body.policy.name }), body.policy.text]
        : [t('workbench.rule.sentence.policy_none')],
    },
  ]
}

function orderOf(body: RuleBody, names: Names): string[] {
  const of = (member: string) => names.get(member) ?? '—'
  const steps = [
    ...body.fallbacks.map((step) => t(`workbench.rule.step.${step}`)),
    ...(body.duty.length ? [t('workbench.rule.step.duty', { names: body.duty.map(of).join('、') })] : []),
    ...(body.default === null ? [] : [t('workbench.rule.step.default', { name: of(body.default) })]),
  ]
  return [
    t('workbench.rule.sentence.wish'),
    t(`workbench.rule.sentence.continuity_${body.continuity ? 'on' : 'off'}`),
    t('workbench.rule.sentence.filter'),
    steps.length
      ? t('workbench.rule.sentence.fallback', { steps: steps.join(t('workbench.rule.then')) })
      : t('workbench.rule.sentence.fallback_none'),
  ]
}

function capsOf({ cap, topTierCap: top }: RuleBody): string {
  if (cap !== null && top !== null) return t('workbench.rule.sentence.caps', { cap, top })
  if (cap !== null) return t('workbench.rule.sentence.cap', { cap })
  return top === null ? t('workbench.rule.sentence.cap_none') : t('workbench.rule.sentence.top_cap', { top })
}

export const partTitle = (name: Part['name']): string =>
  t(name === 'weights' ? 'workbench.rule.weights' : `workbench.rule.parts.${name}`)

/** What one says and the other does not, sentence by sentence. */
export interface Difference {
  part: Part['name']
  before: string[]
  after: string[]
}
export function differences(before: RuleBody, after: RuleBody, names: Names): Difference[] {
  const [old, next] = [plainRules(before, names), plainRules(after, names)]
  return old.flatMap((part, i) => {
    const other = next[i]!
    const gone = part.sentences.filter((s) => !other.sentences.includes(s))
    const come = other.sentences.filter((s) => !part.sentences.includes(s))
    return gone.length || come.length ? [{ part: part.name, before: gone, after: come }] : []
  })
}
