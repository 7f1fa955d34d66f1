import type { figureWords as zh } from '../../zh-CN/workbench/figure'

export const figureWords: typeof zh = {
  figure: {
    title: 'What came of it',
    failed: 'The figures cannot be read just now',
    none: 'No takeover yet',
    none_cause:
      'When customers were taken over, it stands here how many stayed, how soon they were told, and who complained.',
    since: 'Taken over since {date}: {n} customers',
    kept: 'Still there after {days} days: {kept} of {all}',
    too_early: 'None is {days} days old yet',
    first: 'From the takeover to the first notice: {hours} hours (median)',
    first_none: 'None was told yet',
    complaints: 'Complaints: {n}; wishes for somebody else: {wishes}',
    late: 'First contact overdue',
    late_none: 'None: every customer taken over five working days ago was told.',
    late_row: 'to {successor}, from {leaver}',
    late_days: '{n} working days since the takeover',
    late_what:
      'Please have the successor get in touch today; if that fails, “Not reached” offers text messages, calls or letters.',
    by_successor: 'By successor',
    member: 'Successor',
    taken: 'Taken over',
    kept_days: 'Kept ({days} days)',
    hours: 'First contact (hours)',
    complained: 'Complaints',
    wishes: 'Wishes',
    not_told: 'Not told',
    load: 'Customers (before → now)',
    coming: 'Coming',
    by_origin: 'By how the plan was made',
    origin: { automatic: 'Drafted by the system', by_hand: 'Drafted by a person' },
    bars: 'Each line: kept and lost (of those 30 days old)',
    bar: '{name}: {kept} kept, {lost} lost',
    note: 'Numbers only, no customers and no ranks. Customers differ, too: do not judge a colleague by these alone.',
  },
}
