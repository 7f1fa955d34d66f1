import type { objectionLetter as zh } from '../../zh-CN/letter/objection'

export const objectionLetter: typeof zh = {
  objection: {
    heading: 'I want another colleague',
    lead: 'A manager answers you within two working days. No reason is needed and your service goes on.',
    about: 'What it is mainly about (optional)',
    kinds: {
      manner: 'the way we talk',
      skill: 'knowledge or language',
      time: 'when I am contacted',
      other: 'something else',
    },
    text: 'Anything to say (optional)',
    reads: 'Compliance staff read this; the manager only learns what it is mainly about.',
    share: 'Let {new} read this',
    send: 'Send',
    done: 'Received: you want another colleague',
    next: 'A manager answers you by {due}; the answer will stand on this page. If it is urgent, call {tel}.',
    late: 'The answer is late, and we are sorry. Please call {tel} or use “Question or complaint”.',
    closed: 'From now on {new} cannot see your contact details and service records.',
    kept: 'On {date} you asked for another colleague. The manager’s answer: {new} goes on serving you. The reason:',
    other_path: 'On {date} you asked for another colleague. The manager’s answer: you are served in another way:',
    passed_on: 'Your wish of {date} for another colleague has been fulfilled.',
    passed: 'Answer to your wish for another colleague ({date}):',
    again: 'If you disagree, ask again or use “Question or complaint”.',
  },
}
