import type { MessageWords } from '../zh-CN/message'

export const message: MessageWords = {
  m1: 'Hello, this is {old} of {company}. From {date} your service will be handled by my colleague {new}; the company and the service stay the same. {new} will see your contact details and the service records that are needed. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  m2: 'Hello, this is {new} of {company}. {old} no longer handles your service; I take over from {date}; the company and the service stay the same. I only see what the service needs. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  m2c: 'Hello, this is {new} of {company}. The notice about your contact person has one update: {changed}. The rest stays the same. Full notice, another colleague, objection or complaint: {url}. You keep your service even if you do not open it. Hotline {tel}',
  m3: 'Hello, this is {new} of {company}, taking over from {old}. One thing is yours to decide: may I look at {data} in order to {purpose}? Yes or no are both fine. Saying no does not affect your current service, and a yes can be withdrawn at any time. Choose here: {url}. Hotline {tel}',
  m4: 'We have recorded your choice: no to {matter}. {new} will not view or use this information, and we will not keep asking about it. Your current service goes on. To change colleague, delete data or complain: {url}. Receipt {receipt}',
  m5: 'On {time} you withdrew your consent to {matter}. We have stopped; what is no longer needed will be deleted by {deadline}. What was done before stays valid and your current service goes on. Receipt and complaint: {url}. Receipt {receipt}',
  m6: 'We have received your complaint {number}; {department} is handling it. We will tell you the result and the reasons by {until}; there is no need to chase us. Progress or more material: {url}',
  m7: 'Your complaint {number} has been handled: {result}. Reasons: {url}. If you disagree you may ask us to review it, tell the cyberspace or market authority, or go to court as the law provides.',
  m8: 'Hello, this is {staff} of {company}. To serve you the company handles your nickname, picture, contact details and our messages. If I change job or leave, the company will arrange a colleague and tell you. Rules and your rights: {rules}. Hotline {tel}',
  m9: 'Hello, this is {new} of {company}; I am to take over {child}’s service from {old}. This involves information about a child under 14. As guardian, please decide whether to agree: {url}. If you do not agree I will not look at the child’s information and the company will discuss another way with you. Hotline {tel}',
  m10: 'Hello everyone, this is {new} of {company}. {old} used to look after this group; I take over from {date}; the company and the service stay the same. For another colleague, an objection or a complaint, write to me directly or call {tel}; please keep personal matters out of the group. You keep your service even if you do nothing.',
  askTitle: 'Please decide: yes or no',
  askText: 'One thing is yours to decide. Yes or no are both fine; a no does not affect your current service.',
  passedOn:
    'This is {new} of {company}. I now look after the customers of {old}; same company, same service. For another colleague, an objection or a complaint, call {tel}.',
  cardTitle: 'Your contact has changed',
  cardText:
    'Someone else now serves you. Open for the notice, another colleague, objection or complaint. Your service goes on even if you do not.',
  resultTitle: 'Result of your complaint',
  resultText: 'Your complaint has a result, with reasons. If you disagree you may ask for a review.',
}
