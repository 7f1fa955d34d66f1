import type { LetterWords } from '../zh-CN/letter'
import { objectionLetter } from './letter/objection'
import { requestLetter } from './letter/request'

export const letter: LetterWords = {
  large: 'Large text',
  normal: 'Normal text',
  other: '中文',
  back: 'Back to the notice',
  hotline: 'Hotline',
  privacy: 'Data protection contact',
  wary: 'To check that this notice is real, call our hotline. This page never asks for a password, a code or a payment.',
  links: { full: 'Full notice', record: 'My choices and records' },

  lists_changed: 'what can be seen is now {visible}',

  first: {
    heading: 'Your contact person has changed',
    what: '{company} informs you: from {date} the person serving you changes from {old} to {new}.',
    same: ['Not changed', 'The company, the service and its price, the purpose and way we handle your information.'],
    changed: ['Changed', '{new} will see {visible} in order to {purpose}.'],
    hidden: ['Not visible', '{hidden}.'],
    may: [
      'You may',
      'Ask for another colleague, object, ask to see, correct or delete information, complain. Doing nothing does not affect your service.',
    ],
    acknowledge: 'I have seen this',
    wantOther: 'I want another colleague',
    complain: 'Question or complaint',
    small: '“I have seen this” only means you saw the notice; it is not consent to anything.',
    signature: 'Your contact person: {new}',
  },
  claims: {
    service: 'The service changes.',
    price: 'The price changes.',
    purpose: 'The purpose for which we handle your information changes.',
    method: 'The way we handle your information changes.',
  },
  purpose: 'go on with your present service',
  listed: '; ',
  colleague: 'our colleague',

  fields: {
    F0: {
      name: 'how the handover stands',
      use: 'to arrange and check the handover',
      how: 'recorded in the company’s system; of your name only the first character',
    },
    F1: {
      name: 'your name, company and title',
      use: 'to recognise and reach you',
      how: 'read from WeCom, shown as it is',
    },
    F2: {
      name: 'service records, open promises, notes and tags',
      use: 'to finish what was begun',
      how: 'written by our staff, shown in order of time',
    },
    F3: {
      name: 'your mobile number with the middle hidden',
      use: 'to check that it is you',
      how: 'hidden in the company’s system before it is shown',
    },
    F4: { name: 'the text of past chats', use: '', how: '' },
    F5: { name: 'identity documents, health and account information', use: '', how: '' },
    F6: { name: 'what you write to the company as complaint or objection (unless you allow it)', use: '', how: '' },
  },
  who: {
    successor: '{new}',
    manager: 'managers who arrange your service',
    approver: 'managers who approve handovers',
    compliance: 'compliance staff',
    serving: 'the person serving you',
    departing: 'a colleague who is about to leave',
    covering: 'a colleague in an emergency, with a reason that is checked afterwards',
    duty: 'a colleague on duty while a handover waits',
    departed: 'people who have left',
    staff: 'other staff',
    allocator: 'managers who plan handovers',
    hr: 'personnel staff',
    admin: 'system administrators',
    auditor: 'auditors',
    customer: 'you',
  },

  full: {
    heading: 'Change of your contact person (full notice)',
    version: 'Version {version}, applies from {date}',
    we: ['1 Who we are', '{company}, {address}, telephone {tel}. Data protection contact: {person}, {mail}.'],
    what: [
      '2 What happened',
      'From {date} the person serving you changes from {old} to {who}. No other company receives your data.',
    ],
    use: [
      '3 How we use your information',
      'See the table. Basis: our service agreement with you; where there is none, your choice when you first added us.',
    ],
    columns: ['Type', 'Use', 'Method', 'Who sees it', 'Until when, and then what'],
    automatic: 'People read this; it is not used for automatic scores or decisions.',
    closed: [
      '4 What stays closed, and what only you can open',
      '{hidden}. This change asks you for no further consent.',
    ],
    vendors: ['5 Who works for us', 'WeCom (chat and contacts platform), only as we instruct.'],
    chosen: [
      '6 How the new colleague was chosen',
      'Customers are spread evenly over colleagues; one manager proposes, another decides. You may change colleague and ask why.',
    ],
    rights: [
      '7 Your rights and how',
      'Access, copy, transfer, correct, supplement, delete, restrict, withdraw, close account, explanation: write to us under “Question or complaint”, or reach the contact above. We answer within 15 working days; a refusal comes with reasons.',
    ],
    refuse: [
      '8 If you do not want {new}',
      'Use “I want another colleague”. If you refuse inside WeChat, this WeCom contact ends and you can still be served through: {alternative}.',
    ],
    children: [
      '9 Children',
      'If information about a child under 14 is involved, the guardian may reach the contact above. We ask the guardian first.',
    ],
    complaints: [
      '10 Complaints',
      'Use “Question or complaint”, or reach {department}, {mail}. You may also tell the cyberspace or market authority, or go to court as the law provides.',
    ],
    changes: [
      '11 Changes and older versions',
      'If this notice changes we tell you what changed. Older versions: see the link below.',
    ],
  },

  rules: {
    heading: 'How we handle your information',
    lead: 'Once you and a colleague of {company} are contacts, the company handles your information as is written here. You keep your service even if you do not open or answer this.',
    use: [
      '2 How we use your information',
      'See the table. Basis: our service agreement with you; where there is none, your choice when you added us.',
    ],
    next: 'the colleague who takes over',
    changes: [
      '3 When the person who serves you changes',
      'When a colleague changes post or no longer serves you, the company arranges another one and tells you who it is and what they can see. You may ask for another colleague or object.',
    ],
    closed: [
      '4 What stays closed, and what only you can open',
      '{hidden}. If it is really needed we ask you separately; you may say no, or withdraw at any time, and your service goes on.',
    ],
    rights: [
      '6 Your rights and how',
      'Access, copy, transfer, correct, supplement, delete, restrict, withdraw, close account, explanation: tell the colleague who serves you, call {tel}, or reach {person} ({mail}). We answer within 15 working days; a refusal comes with reasons.',
    ],
    children: [
      '7 Children',
      'If information about a child under 14 is involved, the guardian may reach us. We ask the guardian first.',
    ],
    complaints: [
      '8 Complaints',
      'Use “Question or complaint” below, or reach {department}, {mail}. You may also tell the cyberspace or market authority, or go to court as the law provides.',
    ],
  },

  versions: {
    heading: 'Versions of this notice',
    lead: 'Each version is in use from the date shown. One that was used is never changed.',
    row: 'Version {version}, from {date}',
    now: 'in use now',
    told: 'in use when you were told',
    changed: 'What changed: {changed}.',
    old: 'This is version {version}, in use from {date}; a newer one has replaced it.',
    current: 'Read the present version',
    since: 'This notice was updated after you received it',
  },

  record: {
    heading: 'My choices and records',
    sent: 'Notice sent (text version {version})',
    opened: 'First opened',
    acknowledged: 'You pressed “I have seen this”',
    objected: 'You asked for another colleague',
    complaint: 'Your complaint {number}',
    none: 'Nothing recorded yet',
    consent: 'This notice asked you for no consent, so there is none on record.',
    looks: 'Who looked at my information',
    successor: 'the colleague who took over',
    looks_none: 'Nobody has looked at your information.',
    looked: '{who} looked at: {classes}',
    times: '{count} times',
    looks_note: 'Only roles and dates are listed. To know more, contact us.',
  },

  ...objectionLetter,

  ...requestLetter,

  complaint: {
    heading: 'Question or complaint',
    lead: '{department} handles it; {new} cannot see what you write.',
    leadUnknown: '{department} handles it.',
    text: 'Your question, request or complaint',
    contact: 'How to reach you (optional, for example phone or mail)',
    send: 'Send',
    empty: 'Please write something before sending.',
    long: 'That is too long. Please shorten it and send again.',
    done: 'We have received your complaint {number}',
    next: '{department} is handling it. We will tell you the result and the reasons within 15 working days; there is no need to chase us.',
    keep: 'Please keep the number. If you left no way to reach you, ask for the result with it: {tel}.',
  },

  status: {
    acknowledged: 'You pressed “I have seen this” on {date}.',
    present: 'The person serving you now is {present}, since {date}.',
    arranging:
      '{last} no longer handles your service; we will tell you who takes over. If you need something now, call {tel}.',
    expired: 'The buttons of this notice have expired; the text stays readable. Questions or complaints: write below.',
  },
  unknown: {
    heading: 'This link cannot be opened now',
    text: 'It may be incomplete, expired or replaced. Your service is not affected.',
  },
  limited: {
    heading: 'Please try again in a minute',
    text: 'Too many requests came in just now. If it is urgent, call the hotline.',
  },
  broken: {
    heading: 'Something broke on our side',
    text: 'It has been recorded. Please try again later. If it is urgent, call the hotline.',
  },
}
