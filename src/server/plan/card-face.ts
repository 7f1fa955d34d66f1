import { printMinute } from '../../shared/day'
import { fill } from '../../shared/lang/fill'
import { told } from '../../shared/lang/zh-CN/told'
import { PASS } from '../db/card'

/**
 * What a card in WeCom says (facts 8.2: button_interaction). Nobody has asked for it, so it speaks Chinese, like WeCom; and no
 * customer's name is in it. It leads to the page where the plan can be read; nothing is decided on the card itself.
 */
const words = told.planCard

interface CardPlan {
  id: string
  plan: string
  leaver: string
  planner: string
  digest: string
  dueAt: Date
  needed: number
  size: { customers: number; groups: number; successors: number }
}

const SHORT_DIGEST = 8

/** A name is whatever somebody typed, and a line of the card has room for thirty characters. */
const plain = (value: string, most = 30): string => [...value.replace(/[<>&\n]/g, '')].slice(0, most).join('') || '…'

export function openCard(publicUrl: string, card: CardPlan) {
  const page = pageOf(publicUrl, card.plan)
  const { customers, groups, successors } = card.size
  const what = [
    ...(customers || !groups ? [fill(words.customers, { n: customers })] : []),
    ...(groups ? [fill(words.groups, { n: groups })] : []),
  ]
  const line = (keyname: string, value: string) => ({ keyname, value: plain(value) })
  return {
    card_type: 'button_interaction',
    source: { desc: words.source },
    main_title: { title: words.title, desc: plain(fill(words.by, { planner: card.planner }), 44) },
    horizontal_content_list: [
      line(words.lines.leaver, card.leaver),
      line(words.lines.what, what.join('，')),
      line(words.lines.to, fill(words.members, { n: successors })),
      line(words.lines.needed, fill(words.people, { n: card.needed })),
      line(words.lines.due, printMinute(card.dueAt, 'zh-CN')),
      line(words.lines.digest, card.digest.slice(0, SHORT_DIGEST)),
    ],
    sub_title_text: words.note,
    card_action: { type: 1, url: page('') },
    task_id: card.id,
    button_list: [
      { type: 1, style: 1, text: words.buttons.open, url: page('') },
      { type: 1, style: 1, text: words.buttons.approve, url: page('/approve') },
      { type: 1, style: 2, text: words.buttons.reject, url: page('/reject') },
      { type: 0, style: 3, text: words.buttons.pass, key: PASS },
    ],
  }
}

export type Face = keyof typeof words.faces

/** The same card when there is nothing left to do on it: what became of the plan, and the way to read it. */
export function doneCard(
  publicUrl: string,
  card: Pick<CardPlan, 'id' | 'plan' | 'leaver'> & { decider: string | null; at: Date | null },
  face: Face,
) {
  const { title, text, button } = words.faces[face]
  const said = { decider: card.decider ?? '', at: card.at ? printMinute(card.at, 'zh-CN') : '' }
  const page = pageOf(publicUrl, card.plan)
  return {
    card_type: 'button_interaction',
    source: { desc: words.source },
    main_title: { title, desc: plain(fill(words.of, { leaver: card.leaver }), 44) },
    sub_title_text: fill(text, said),
    card_action: { type: 1, url: page('') },
    task_id: card.id,
    button_list: [{ type: 0, style: 1, text: button, key: 'done' }],
    replace_text: button,
  }
}

const pageOf = (publicUrl: string, plan: string) => (act: string) =>
  `${publicUrl}/workbench?at=${encodeURIComponent(`/plans/${plan}${act}`)}`
