import { Refusal } from './envelope'
import { atMost, bytes, optionalText, text } from './params'
import { checkCard, isBody } from './templatecard'

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
  template_card: checkCard,
}

function limited(body: Body, name: string, most: number): void {
  if (bytes(text(body[name], name)) > most) throw new Refusal(45002)
}
