import { Refusal } from './envelope'
import { bytes, optionalText, text } from './params'

type Body = Record<string, unknown>
export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Template cards (facts 8.2). Limits in bytes and counts are refused; lengths in characters are recommendations there, and a
 * client only cuts them. The pages name the codes 42014–42051 for wrong fields and not which is which: 42016 and 42017 are
 * known, every other wrong field is 40058 here.
 */
const notices = ['text_notice', 'news_notice']
const interactions = ['button_interaction', 'vote_interaction', 'multiple_interaction']

export const isInteractive = (card: Body): boolean => interactions.includes(String(card['card_type']))

export function checkCard(card: Body): void {
  const type = text(card['card_type'], 'card_type')
  const notice = notices.includes(type)
  if (!notice && !interactions.includes(type)) throw new Refusal(40058, "invalid field 'card_type'")
  if (notice && !isBody(card['card_action'])) throw new Refusal(40058, "missing field 'card_action'")
  const task = optionalText(card['task_id'], 'task_id')
  if (!notice && !task) throw new Refusal(42016)
  if (task && !/^[A-Za-z0-9_@-]{1,128}$/.test(task)) throw new Refusal(40058, "invalid field 'task_id'")
  if (card['main_title'] !== undefined) part(card['main_title'], 'main_title', ['title', 'desc'])
  if (card['source'] !== undefined) part(card['source'], 'source', ['icon_url', 'desc'])
  optionalText(card['sub_title_text'], 'sub_title_text')
  optionalText(card['replace_text'], 'replace_text')
  if (card['card_action'] !== undefined) action(card['card_action'])
  for (const line of listed(card, 'horizontal_content_list', 6)) contentLine(line)
  const buttons = listed(card, 'button_list', 6)
  if (type === 'button_interaction' && !buttons.length) throw new Refusal(40058, "missing field 'button_list'")
  for (const button of buttons) checkButton(button)
}

/** An array of objects, or nothing. */
function listed(card: Body, name: string, most: number): Body[] {
  const list = card[name]
  if (list === undefined) return []
  if (!Array.isArray(list) || list.length > most || !list.every(isBody))
    throw new Refusal(40058, `invalid field '${name}'`)
  return list
}

function part(value: unknown, name: string, texts: string[]): void {
  if (!isBody(value)) throw new Refusal(40058, `field '${name}' unexpected type, expect object`)
  for (const one of texts) optionalText(value[one], `${name}.${one}`)
}

/** 0 nothing, 1 an address, 2 a mini program. */
function action(value: unknown): void {
  if (!isBody(value) || ![0, 1, 2].includes(value['type'] as number))
    throw new Refusal(40058, "invalid field 'card_action'")
  if (value['type'] === 1) address(value['url'], 'card_action.url')
  if (value['type'] === 2) text(value['appid'], 'card_action.appid')
}

/** 0 words, 1 an address, 2 a file, 3 a member. */
function contentLine(line: Body): void {
  text(line['keyname'], 'keyname')
  optionalText(line['value'], 'value')
  const type = line['type'] ?? 0
  if (![0, 1, 2, 3].includes(type as number)) throw new Refusal(40058, "invalid field 'horizontal_content_list'")
  if (type === 1) address(line['url'], 'url')
  if (type === 2) text(line['media_id'], 'media_id')
  if (type === 3) text(line['userid'], 'userid')
}

/** 0 tells the app, 1 opens an address. */
function checkButton(button: Body): void {
  text(button['text'], 'button_list.text')
  const { type = 0, style = 1 } = button
  if (type !== 0 && type !== 1) throw new Refusal(40058, "invalid field 'button_list.type'")
  if (![1, 2, 3, 4].includes(style as number)) throw new Refusal(40058, "invalid field 'button_list.style'")
  if (type === 1) address(button['url'], 'button_list.url')
  else if (bytes(text(button['key'], 'key', 42017)) > 1024) throw new Refusal(40058, "invalid field 'button_list.key'")
}

function address(value: unknown, name: string): void {
  if (!URL.canParse(text(value, name))) throw new Refusal(40058, `invalid field '${name}'`)
}
