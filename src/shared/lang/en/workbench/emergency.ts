import type { emergencyWords as zh } from '../../zh-CN/workbench/emergency'

export const emergencyWords: typeof zh = {
  emergency: {
    failed: 'Emergency access cannot be read now',
    none: 'No emergency access',
    none_cause: 'When a colleague gives a reason and opens a customer who is not theirs, it stands here.',
    year: 'This year: {count}',
    who: '{member} looked at {customer}',
    span: '{from} to {to}',
    looks: 'opened {count} times',
    why: '{reason}: {words}',
    waiting: 'To be judged',
    overdue: 'Over 24 hours',
    done: 'Judged',
    said: '{who}, {name}: {verdict}. {words}',
    not_said: '{who}: nothing said yet',
    part: { lead: 'Leader', office: 'Compliance' },
    judge: 'Was it right?',
    verdict: { justified: 'Right', unjustified: 'Not right' },
    verdict_missing: 'Choose one',
    words: 'Why',
    words_missing: 'Say why',
    save: 'Save',
    saved: 'Written down',
    reason: {
      customer_asks: 'The customer needs somebody now',
      incident: 'A fault or accident',
      colleague_away: 'The colleague cannot be reached',
      other: 'Other',
    },
  },
}
