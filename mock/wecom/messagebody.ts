import { Refusal } from './envelope'
import { atMost, bytes, optionalText, text } from './params'

type Body = Record<string, unknown>

/** What each message type must carry and may not exceed (facts 8.2). */
export function checkBody(msgtype: string, body: unknown): Body {
  const check = checks[msgtype]
  if (!check) throw new Refusal(40008)
  if (!isBody(body)) throw new Refusal(40058, `missing field '${msgtype}'`)
  check(body)
  return body
}

const checks: Record<string, (body: Body) => void> = {
  text: (body) => limited(body, 'content', 2048),
  markdown: (body) => limited(body, 'content', 2048),
  textcard: (body) => {
    atMost(text(body['title'], 'title'), 'title', 128)
    atMost(text(body['description'], 'description'), 'description', 512)
    limited(body, 'url', 2048)
    atMost(optionalText(body['btntxt'], 'btntxt'), 'btntxt', 4)
  },
  news: (body) => {
    const articles = body['articles']
    if (!Array.isArray(articles) || articles.length < 1 || articles.length > 8)
      throw new Refusal(40058, "invalid field 'articles'")
    for (const article of articles as unknown[]) limited(isBody(article) ? article : {}, 'title', 128)
  },
  template_card: card,
}

function card(body: Body): void {
  const type = text(body['card_type'], 'card_type')
  const notice = ['text_notice', 'news_notice'].includes(type)
  if (!notice && !['button_interaction', 'vote_interaction', 'multiple_interaction'].includes(type))
    throw new Refusal(40058, "invalid field 'card_type'")
  if (notice && !isBody(body['card_action'])) throw new Refusal(40058, "missing field 'card_action'")
  const task = optionalText(body['task_id'], 'task_id')
  if (!notice && !task) throw new Refusal(42016)
  if (task && !/^[\w@-]{1,128}$/.test(task)) throw new Refusal(40058, "invalid field 'task_id'")
  const buttons = body['button_list']
  if (buttons === undefined) return
  if (!Array.isArray(buttons) || buttons.length > 6) throw new Refusal(40058, "invalid field 'button_list'")
  for (const button of buttons as unknown[])
    if (isBody(button) && button['type'] !== 1 && !button['key']) throw new Refusal(42017)
}

function limited(body: Body, name: string, most: number): void {
  if (bytes(text(body[name], name)) > most) throw new Refusal(45002)
}

const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
