import type { MessageWords } from '../zh-CN/message'

export const message: MessageWords = {
  m2: 'Hello, this is {new} of {company}. {old} no longer handles your service; I take over from {date}; the company and the service stay the same. I only see what the service needs. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  passedOn:
    'Hello, this is {new} of {company}. The company has changed who serves you: I now look after the customers of {old}; the company and the service stay the same. For another colleague, an objection or a complaint, call {tel}.',
  m6: 'We have received your complaint {no}; {dept} is handling it. We will tell you the result and the reasons by {date}; there is no need to chase us. Progress or more material: {url}',
  m7: 'Your complaint {no} has been handled: {result}. Reasons: {url}. If you disagree you may ask us to review it, tell the cyberspace or market authority, or go to court as the law provides.',
  cardTitle: 'Your contact has changed',
  cardText:
    'Someone else now serves you. Open for the notice, another colleague, objection or complaint. Your service goes on even if you do not.',
}
