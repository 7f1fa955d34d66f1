import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const LANG = 'src/shared/lang'
const parts = readdirSync(join(LANG, 'zh-CN')).map((name) => name.replace(/\.ts$/, ''))
/** Printed by `t('part.key')`; the other parts are read as properties by the server. */
const client = ['app', 'asking', 'ended', 'restoring', 'seeing', 'sidebar', 'timeline', 'wecom', 'workbench', 'working']

type Leaf = string | readonly string[]
function leaves(words: object, path = ''): [string, Leaf][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, Leaf][] => {
    const at = path ? `${path}.${key}` : key
    return typeof value === 'string' || Array.isArray(value) ? [[at, value as Leaf]] : leaves(value as object, at)
  })
}

const files = import.meta.glob<Record<string, object>>('../../src/shared/lang/*/*.ts', { eager: true })

function read(language: string, part: string): Map<string, Leaf> {
  const words = files[`../../${LANG}/${language}/${part}.ts`]?.[part]
  if (!words) throw new Error(`${language}/${part}.ts does not export ${part}`)
  return new Map(leaves(words, part))
}

const sources = ['src/client', 'src/server', 'src/shared'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(ts|vue)$/.test(path) && !path.startsWith(LANG))
    .map((path) => ({ path, text: withoutComments(readFileSync(path, 'utf8')) })),
)

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|<!--[^]*?-->/g, '').replace(/(^|[\s;{}()])\/\/.*$/gm, '$1')
}

/**
 * Keys that are put together at run time, as they stand in the source with their places empty, and what the places can
 * hold. `true`: every key that fits, where the type of the place lists them all.
 */
const puttogether: Record<string, readonly string[] | true> = {
  'seeing.waiting.{}': ['addPromise', 'keepPromise', 'addNote'],
  'app.failure.{}': ['offline', 'timeout'],
  'app.home_page.{}': [
    'inherited',
    'newcomers',
    'objections',
    'departures',
    'plans',
    'complaints',
    'consents',
    'requests',
    'evidence',
    'exports',
    'retention',
    'texts',
    'untold',
    'signals',
    'blocks',
    'emergencies',
    'mirror',
    'own',
    'leavers',
    'rights',
    'calendar',
    'facts',
    'rules',
    'planning',
    'duty',
    'promises',
    'figures',
    'launch',
  ],
  'app.home_page.{}_note': true,
  'app.label.{}': true,
  'app.when.{}_ago': ['two_days', 'days', 'months', 'years'],
  'app.when.in_{}': ['days', 'months', 'years'],
  'app.when.{}': ['two_days_ago', 'yesterday', 'today', 'tomorrow', 'in_two_days'],
  'app.login.{}_cause': ['member', 'state', 'code', 'out'],
  'app.login.{}_title': ['member', 'state', 'code', 'out'],
  'asking.state.{}': true,
  'restoring.field.{}': true,
  'restoring.out.{}': true,
  'restoring.why.{}': true,
  'seeing.of.{}': true,
  'seeing.opens.{}': true,
  'seeing.reveal.reasons.{}': true,
  'seeing.stage.{}': true,
  'timeline.kind.script.{}': true,
  'working.kinds.{}': true,
  'working.week.{}': ['tell', 'hello', 'promises'],
  'working.leaving.farewell.{}': true,
  'working.newcomer.how.{}': ['inTime', 'later', 'waiting', 'late', 'gone'],
  'workbench.checklist.phase.{}': true,
  'workbench.checklist.item.{}': true,
  'workbench.checklist.state.{}': true,
  'workbench.checklist.event.{}': true,
  'workbench.checklist.figure.{}': true,
  'working.talk.script.{}': true,
  'working.talk.rule.{}': true,
  'sidebar.blocked.{}.action': true,
  'sidebar.blocked.{}.cause': true,
  'sidebar.blocked.{}.title': true,
  'sidebar.closed.{}': ['left', 'groups'],
  'sidebar.choice.{}': ['prompted', 'unreachable', 'alt_channel', 'waived'],
  'timeline.kind.notice_sent_{}': true,
  'timeline.kind.relation_ended_{}': true,
  'timeline.corrected.{}': ['name', 'company', 'title', 'phone'],
  'timeline.source.{}': true,
  'timeline.about.{}': true,
  'timeline.groups.label.{}': true,
  'sidebar.inherited.step.{}': true,
  'sidebar.left.{}': ['remark', 'company', 'description', 'mobiles'],
  'sidebar.next.{}': ['unconfirmed', 'settling', 'checking', 'refused', 'full'],
  'sidebar.next.{}_why': ['unconfirmed', 'settling', 'checking', 'refused', 'full'],
  'sidebar.next.undelivered.{}': true,
  'sidebar.notice.form_{}_for': ['text', 'card'],
  'sidebar.notice.{}': ['cancelled', 'unknown', 'failed'],
  'sidebar.notice.failed_{}': ['no_permission', 'no_context', 'outside', 'no_bridge', 'too_old', 'signature'],
  'sidebar.purpose.{}': true,
  'sidebar.tabs.{}': ['history', 'left', 'groups', 'choice'],
  'workbench.announce.{}': ['day_missing', 'day_past', 'day_far'],
  'workbench.announce.effect.{}': true,
  'workbench.announced.{}': ['leaves', 'overdue', 'withdrawn'],
  'workbench.announced.{}_cause': true,
  'wecom.means.e{}': true,
  'wecom.step.{}': true,
  'wecom.whose.{}': true,
  'workbench.assign.group_label.{}': true,
  'workbench.blocks.reason.{}': true,
  'workbench.blocks.state.{}': true,
  'workbench.check.{}': true,
  'workbench.basis.customers.{}': true,
  'workbench.basis.ground.{}': true,
  'workbench.basis.purpose.{}': true,
  'workbench.basis.state.{}': true,
  'workbench.launch.finding.{}': true,
  'workbench.launch.fix.{}': true,
  'workbench.launch.item.{}': true,
  'workbench.launch.met.{}': true,
  'workbench.own.{}': ['corrected', 'not_corrected'],
  'workbench.own.items.{}': true,
  'workbench.own.looks.{}': true,
  'workbench.probe.credential.{}': true,
  'workbench.signals.decision.{}': true,
  'workbench.signals.question.{}': true,
  'workbench.check_kind.{}': true,
  'workbench.successors.by_{}': ['rules', 'even'],
  'workbench.successors.by_{}_note': ['rules', 'even'],
  'workbench.why.because.{}': true,
  'workbench.why.reach.{}': true,
  'workbench.why.factor.{}': true,
  'workbench.why.hurdle.{}': true,
  'seeing.match.{}': true,
  'workbench.decide.why.{}': true,
  'workbench.round.{}': ['approve', 'reject'],
  'workbench.round.why.{}': true,
  'workbench.round.ended.{}': true,
  'workbench.figure.origin.{}': true,
  'workbench.consents.purpose.{}': true,
  'workbench.consents.state.{}': true,
  'workbench.calendar.problem.{}': true,
  'workbench.complaints.due.{}': true,
  'workbench.complaints.view.{}': true,
  'workbench.complaint.act.{}': true,
  'workbench.complaint.channel.{}': true,
  'workbench.complaint.conflict.{}': true,
  'workbench.complaint.event.{}': true,
  'workbench.complaint.hint.{}': true,
  'workbench.complaint.how.{}': true,
  'workbench.complaint.informed.{}': true,
  'workbench.complaint.kind.{}': true,
  'workbench.complaint.mail_kind.{}': true,
  'workbench.complaint.mail_state.{}': true,
  'workbench.complaint.outcome.{}': true,
  'workbench.complaint.severity.{}': true,
  'workbench.complaint.sheet.{}': true,
  'workbench.complaint.state.{}': true,
  'workbench.complaint.step.{}': true,
  'workbench.complaint.what.{}': true,
  'workbench.departure.{}': true,
  'workbench.departure.known_by.{}': true,
  'workbench.departure.plan_{}': true,
  'workbench.group.label.{}': true,
  'workbench.group.note.{}': true,
  'workbench.evidence.kinds.{}': true,
  'workbench.evidence.state.{}': true,
  'workbench.evidence.trouble.{}': true,
  'workbench.export.{}': ['own', 'decided', 'for_compliance'],
  'workbench.export.class.{}': true,
  'workbench.export.field.{}': true,
  'workbench.export.format_name.{}': true,
  'workbench.export.kind.{}': true,
  'workbench.export.kind_of.{}': true,
  'workbench.export.none_{}': ['mine', 'decide', 'all'],
  'workbench.export.purpose_name.{}': true,
  'workbench.export.state.{}': true,
  'workbench.export.state_note.{}': true,
  'asking.spoken.{}': ['phone_call', 'paper', 'agree', 'refuse', 'father', 'mother', 'other'],
  'workbench.consents.spoken.{}': ['phone_call', 'paper'],
  'workbench.export.view.{}': true,
  'workbench.exception.next.{}': true,
  'workbench.exception.who.{}': true,
  'workbench.home.{}': true,
  'workbench.hold.{}': ['place', 'review', 'release'],
  'workbench.hold.done_{}': true,
  'workbench.hold.of_{}': true,
  'workbench.retention.basis.{}': true,
  'workbench.retention.class.{}': true,
  'workbench.retention.from.{}': true,
  'workbench.retention.then.{}': true,
  'seeing.emergency.reasons.{}': true,
  'workbench.emergency.reason.{}': true,
  'workbench.emergency.verdict.{}': true,
  'workbench.emergency.part.{}': true,
  'workbench.log.kinds.{}': true,
  'workbench.log.actor.{}': true,
  'workbench.log.lists.{}': true,
  'workbench.log.looks.{}': true,
  'workbench.link.state.{}': true,
  'workbench.logins.device.{}': true,
  'workbench.mirror.{}': true,
  'workbench.mirror.step.{}': true,
  'workbench.mirror.step_{}': true,
  'workbench.plan.{}': true,
  'workbench.plan_state.{}': true,
  'workbench.rights.{}': ['until_needed', 'until_past', 'until_far'],
  'workbench.rights.end_where.{}': true,
  'workbench.rights.may.{}': true,
  'workbench.rights.role.{}': true,
  'workbench.rights.where.{}': true,
  'workbench.request.{}': ['reason_missing', 'words_missing'],
  'workbench.request.blocker.{}': true,
  'workbench.request.field.{}': true,
  'workbench.request.identify_way.{}': true,
  'workbench.request.inform_way.{}': true,
  'workbench.request.kind.{}': true,
  'workbench.request.level.{}': true,
  'workbench.request.line.{}': true,
  'workbench.request.none_{}': ['open', 'done'],
  'workbench.request.note.{}': true,
  'workbench.request.state.{}': true,
  'workbench.settle.{}': ['call', 'silent'],
  'workbench.settle.done_{}': true,
  'workbench.state.{}': true,
  'workbench.wish.about.{}': true,
  'workbench.wish.none_{}': ['open', 'done'],
  'workbench.wish.origin.{}': true,
  'workbench.wish.outcome.{}': true,
  'workbench.text.class_effect.{}': true,
  'workbench.text.class_name.{}': true,
  'workbench.text.element.{}': true,
  'workbench.text.group.{}': true,
  'workbench.text.language.{}': true,
  'workbench.text.name.{}': true,
  'workbench.text.place.{}': true,
  'workbench.text.problem.{}': true,
  'workbench.fact.ban.{}': true,
  'workbench.fact.contacts.{}': true,
  'workbench.fact.field.{}': true,
  'workbench.fact.file.about_{}': ['members', 'customers'],
  'workbench.fact.file.about_{}_note': true,
  'workbench.fact.file.problem.{}': true,
  'workbench.fact.file.refused.{}': true,
  'workbench.fact.file.{}': ['encoding', 'too_big', 'added', 'changed', 'same', 'behind'],
  'workbench.fact.from_{}': ['hand', 'csv'],
  'workbench.fact.hint.{}': true,
  'workbench.fact.languages.{}': true,
  'workbench.fact.source.{}': true,
  'workbench.fact.tabs.{}': true,
  'workbench.fact.times.{}': true,
  'workbench.fact.wecom.kind.{}': true,
  'workbench.fact.yes.{}': true,
  'workbench.rule.factor.{}': true,
  'workbench.rule.factor_note.{}': true,
  'workbench.rule.kind.{}': true,
  'workbench.rule.parts.{}': ['order', 'limits', 'tier', 'policy'],
  'workbench.rule.problem.{}': true,
  'workbench.rule.sentence.continuity_{}': true,
  'workbench.rule.sentence.even_{}': true,
  'workbench.rule.sentence.tier_{}': true,
  'workbench.rule.step.{}': true,
  'workbench.rule.try_{}': ['nobody', 'most', 'colleagues'],
  'workbench.rule.{}': ['region_only', 'industry_only'],
  'workbench.text.rule.{}': true,
  'workbench.untold.channel.{}': true,
  'workbench.untold.kind.{}': true,
  'workbench.untold.proof_of.{}': true,
  'workbench.untold.state.{}': true,
  'workbench.untold.why.{}': true,
  'workbench.under_way.{}': ['to_send', 'settling', 'checking', 'unconfirmed'],
}

/** Template strings that begin like a key, their places emptied. */
const templates = new Set(
  sources.flatMap(({ path, text }) =>
    path.startsWith('src/client')
      ? [
          ...text.matchAll(
            /`((?:app|asking|ended|restoring|seeing|sidebar|timeline|wecom|workbench|working)\.(?:[^`$]|\$\{[^}]*\})*\$\{(?:[^`$]|\$\{[^}]*\})*)`/g,
          ),
        ].map((m) => m[1]?.replace(/\$\{[^}]*\}/g, '{}') ?? '')
      : [],
  ),
)

const written = new Set(
  sources.flatMap(({ text }) =>
    [
      ...text.matchAll(
        /['"`]((?:app|asking|ended|restoring|seeing|sidebar|timeline|wecom|workbench|working)(?:\.\w+)+)['"`]/g,
      ),
    ].map((m) => m[1]),
  ),
)

const fits = (template: string) => new RegExp(`^${template.replace(/\./g, '\\.').replace('{}', '[^.]+')}$`)
const isPutTogether = (key: string) =>
  Object.entries(puttogether).some(([template, values]) =>
    values === true ? fits(template).test(key) : values.some((value) => template.replace('{}', value) === key),
  )

describe.each(parts)('%s', (part) => {
  it('has the same keys with the same places in both languages, and says something in both or in neither (Q69)', () => {
    const [zh, en] = [read('zh-CN', part), read('en', part)]
    expect([...en.keys()].sort()).toEqual([...zh.keys()].sort())
    for (const [key, sentence] of zh) {
      expect({ key, places: places(en.get(key) ?? '') }).toEqual({ key, places: places(sentence) })
      expect({ key, said: isSaid(en.get(key) ?? '') }).toEqual({ key, said: isSaid(sentence) })
    }
  })

  it('has no key that nothing prints', () => {
    const keys = [...read('zh-CN', part).keys()]
    const unused = client.includes(part)
      ? keys.filter((key) => !written.has(key) && !isPutTogether(key))
      : keys.filter((key) => !mentioned(key.split('.').slice(1)))
    expect(unused).toEqual([])
  })
})

const isSaid = (sentence: Leaf): boolean => String(sentence).trim() !== ''

const places = (sentence: Leaf): string[] => [...new Set(String(sentence).match(/\{\w+\}/g) ?? [])].sort()

/** The server's words are reached as `words.part.key`; each name on the way must stand somewhere in its code. */
const serverText = sources
  .filter(({ path }) => !path.startsWith('src/client'))
  .map(({ text }) => text)
  .join('\n')
const mentioned = (names: readonly string[]) => names.every((name) => new RegExp(`\\b${name}\\b`).test(serverText))

it('declares every key that is put together, and nothing that is not', () => {
  expect([...templates].filter((template) => !(template in puttogether))).toEqual([])
  expect(Object.keys(puttogether).filter((template) => !templates.has(template))).toEqual([])
})

it('asks for no key that does not exist', () => {
  const there = new Set(client.flatMap((part) => [...read('zh-CN', part).keys()]))
  expect([...written].filter((key) => key && !there.has(key))).toEqual([])
})

it('has no Chinese word in the client outside the words (Q69)', () => {
  const found = sources
    .filter(({ path }) => path.startsWith('src/client'))
    .flatMap(({ path, text }) => (text.match(/.*[\u4e00-\u9fff].*/g) ?? []).map((line) => `${path}: ${line.trim()}`))
  expect(found).toEqual([])
})
