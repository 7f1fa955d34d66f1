import type { MessageWords } from '../zh-CN/message'

export const message: MessageWords = {
  m2: 'Hello, this is {new} of {company}. {old} no longer handles your service; I take over from {date}; the company and the service stay the same. I only see what the service needs. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  cardTitle: 'Your contact has changed',
  cardText:
    'Someone else now serves you. Open for the notice, another colleague, objection or complaint. Your service goes on even if you do not.',
}
