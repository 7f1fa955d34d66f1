import type { MessageWords } from '../zh-CN/message'

export const message: MessageWords = {
  m2: 'Hello, this is {new} of {company}. {old} no longer handles your service; I take over from {date}; the company and the service stay the same. I only see what the service needs. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  passedOn:
    'Hello, this is {new} of {company}. The company has changed who serves you: I now look after the customers of {old}; the company and the service stay the same. For another colleague, an objection or a complaint, call {tel}.',
  cardTitle: 'Your contact has changed',
  cardText:
    'Someone else now serves you. Open for the notice, another colleague, objection or complaint. Your service goes on even if you do not.',
}
