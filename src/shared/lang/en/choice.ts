import type { ChoiceWords } from '../zh-CN/choice'

const part = (head: string, text: string): [string, string] => [head, text]

export const choice: ChoiceWords = {
  question: {
    heading: 'One thing for you to decide',
    lead: '{new} would like to view {data} in order to {purpose}, until {until} at the latest.',
    agree: part('Agree', '{new} can view it; you can withdraw on this page at any time.'),
    refuse: part('Do not agree', '{new} cannot see it, your current service goes on, we will not keep asking.'),
    none: part('No choice', 'treated as no.'),
    know: 'Please know',
  },
  of: {
    serve: {
      matter: '{new} serving the child',
      data: 'how the child is called, contact details and service records',
      purpose: 'go on with the child’s current service',
      know: 'A child’s information is sensitive; a leak could harm the child. Only {new} can see it, after approval, and each view is recorded.',
    },
    history_raw: {
      matter: 'viewing your earlier chats',
      data: 'your earlier chats',
      purpose: 'go on with what was agreed before',
      know: 'These records may contain private matters. With them I can pick up faster; without them I will ask you to repeat what matters.',
    },
    sensitive_use: {
      matter: 'using your health and financial information',
      data: 'your health and financial information',
      purpose: 'fit the service to your situation',
      know: 'This is sensitive personal information; a leak could harm your person, property or reputation. Only {new} can see it, and each view is recorded.',
    },
  },
  agree: 'Agree',
  refuse: 'Do not agree',
  guardian: {
    legend: 'You are the child’s (needed to agree)',
    father: 'father',
    mother: 'mother',
    other: 'other guardian',
    missing: 'Please choose who you are to the child, then press “Agree”.',
  },
  prove: 'Before you press “Agree” or “Do not agree”, please confirm in WeChat that it is you.',
  prove_act: 'Confirm in WeChat',
  unproven:
    'We cannot confirm right now that you are the customer, so “Agree” is not offered here. You can press “Do not agree” or call {tel}. No choice is treated as no, and your service goes on.',
  outside:
    'We cannot tell here who opened this page. Please open it in WeChat or call {tel}. No choice is treated as no, and your service goes on.',
  closed: 'This question does not need your answer now.',
  open: { line: 'One thing for you to decide: {matter}', act: 'Read and decide' },
  given: { heading: 'You have agreed', line: 'On {time} you agreed to: {matter}, until {until} at the latest.' },
  withdraw: {
    heading: 'Withdraw consent',
    text: 'After withdrawal we stop viewing and using it; what is no longer needed is deleted by {deadline}. What was done before is not affected. Your current service goes on.',
    free: 'No reason is needed.',
    act: 'Withdraw consent',
    back: 'Back',
    link: 'See or withdraw',
  },
  refused: {
    heading: 'You did not agree',
    line: 'On {time} you said no to: {matter}. Your current service goes on.',
  },
  withdrawn: {
    heading: 'You have withdrawn',
    line: 'On {time} you withdrew your consent to: {matter}. Your current service goes on.',
  },
  expired: {
    heading: 'Your consent has ended',
    line: 'Your consent to {matter} has ended; {new} can no longer see it.',
  },
  superseded: {
    heading: 'This question has changed',
    line: 'What you were asked has changed; the earlier question and answer no longer count: {matter}. You will be asked anew if needed.',
  },
  invalidated: {
    heading: 'This consent is void',
    line: 'After a review the consent to {matter} is void; {new} can no longer see it.',
  },
  again: 'I have changed my mind, let me decide again',
  receipt: {
    heading: 'Receipt',
    number: 'Number',
    time: 'Time',
    matter: 'Matter',
    answer: 'Your choice',
    answers: { agree: 'Agree', refuse: 'Do not agree', withdraw: 'Withdraw consent' },
    asked: 'What you were asked',
    keep: 'Please keep a screenshot or a print. With the number you can ask the hotline: {tel}.',
    agreed:
      'We have recorded your choice: yes to {matter}. {new} can view it until {until} at the latest. You can withdraw at any time; your current service is not affected. Receipt {receipt}',
    file: 'Download the record',
    spoken: 'You told us {how}; two colleagues recorded it.',
    how: { phone_call: 'by phone', paper: 'in writing' },
  },
  section: { heading: 'My choices', none: 'You have not been asked to decide anything else yet.' },
}
