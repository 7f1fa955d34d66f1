import type { dutyWords as zh } from '../../zh-CN/workbench/duty'

export const dutyWords: typeof zh = {
  duty: {
    title: 'On duty',
    failed: 'Your customers on duty cannot be read just now',
    none: 'No customers wait for you to answer',
    none_cause:
      'After a plan is approved, customers wait about 24 hours for their successor. When a plan names you, they stand here.',
    what: 'These customers wait for their successors. Until then you answer; from the takeover on, open promises are the successor’s by themselves.',
    counts: 'Customers: {total}; promises due by tomorrow: {due}',
    from: 'From {from}, to {successor}',
    until: 'about {time}',
    sending: 'being sent to WeCom',
    by: 'promised by {name}',
    keep: 'Done',
    keep_of: 'Done: {text}',
    kept: 'Noted',
    later: 'Not due yet, for the successor: {n}',
    no_due: 'Nothing is due soon',
  },
}
