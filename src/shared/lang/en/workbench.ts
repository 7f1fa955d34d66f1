import type { workbench as zh } from '../zh-CN/workbench'
import { calendarWords } from './workbench/calendar'
import { checklistWords } from './workbench/checklist'
import { complaintWords } from './workbench/complaint'
import { consentWords } from './workbench/consent'
import { departureWords } from './workbench/departure'
import { dutyWords } from './workbench/duty'
import { emergencyWords } from './workbench/emergency'
import { evidenceWords } from './workbench/evidence'
import { exportWords } from './workbench/export'
import { factWords } from './workbench/fact'
import { figureWords } from './workbench/figure'
import { launchWords } from './workbench/launch'
import { leaverWords } from './workbench/leaver'
import { logWords } from './workbench/log'
import { loginWords } from './workbench/login'
import { mirrorWords } from './workbench/mirror'
import { objectionWords } from './workbench/objection'
import { planWords } from './workbench/plan'
import { requestWords } from './workbench/request'
import { retentionWords } from './workbench/retention'
import { ruleWords } from './workbench/rule'
import { textWords } from './workbench/text'
import { untoldWords } from './workbench/untold'

/** Whoever loads the workbench's words loads these; the sidebar's first screen needs neither. */
export { wecom } from './wecom'

export const workbench: typeof zh = {
  refresh: 'Refresh',
  pick: 'Choose one on the left; its details appear here',
  home: {
    to_tell: '{count} to tell',
    newcomers_late: '{count} to tell, {late} for more than a day',
    newcomers_untold: '{count} new customers untold for more than a day',
    promises: '{total} promised',
    promises_soon: '{total} promised, {soon} due by tomorrow or overdue',
    duty: '{total} waiting',
    duty_due: '{total} waiting, promises due: {due}',
    leavers: '{count} leaver with customers to assign | {count} leavers with customers to assign',
    leavers_more: 'More than {count} leavers with customers to assign',
    exceptions: '{count} exception | {count} exceptions',
    decide: '{count} plan for you to decide | {count} plans for you to decide',
    decide_more: 'More than {count} plans for you to decide',
    years_missing: 'No holidays for {years}',
    complaints_stopped: '{count} complaints over 30 days',
    complaints_red: '{count} over 15 working days',
    complaints_unassigned: '{count} unassigned',
    complaints_mine: '{count} mine',
    objections: '{count} to answer',
    objections_late: '{count} to answer, {late} of them late',
    late: '{count} first contacts overdue',
    late_more: 'more than {count} first contacts overdue',
    holds: 'Holds to review: {count}',
    emergencies: 'To be judged: {count}',
    blocks: '{count} to confirm',
    signals: '{count} to look at',
    packs: '{count} pack to approve | {count} packs to approve',
    packs_more: 'More than {count} packs to approve',
    corrections: '{count} corrections asked for',
    launch: 'The review before going live is not signed',
    launch_sign: 'The review before going live waits for your signature',
    bases_missing: '{count} bases missing',
    mirror_running: 'Reading from WeCom',
    mirror_never: 'Never read from WeCom yet',
    mirror_failed: 'The last run did not finish',
  },
  check_kind: { stop: 'Must be solved', barred: 'Cannot be chosen', warn: 'Please note' },
  check: {
    not_plannable: 'Under way or settled already; cannot be assigned again',
    leaver_too_long_gone: 'Left more than a year ago; WeCom no longer transfers',
    leaver_inactive: 'This leaver is not active in WeCom; before they are gone nothing can be transferred',
    moved_twice: 'Transferred on the job twice within 90 days; WeCom does not allow another yet',
    successor_is_leaver: 'The successor is the leaver',
    successor_left: 'This member has left',
    successor_inactive: 'This member is not active in WeCom',
    successor_out_of_range: 'This member is outside the app’s visible range',
    successor_without_contacts: 'This member has no customer contact permission',
    already_follows: 'This member already knows the customer in WeCom',
    refused_before: 'The customer refused this member before',
    objected_to: 'The customer asked for someone other than this member',
    year_ends_soon: 'The year is nearly over; submit soon',
    successor_leaving: 'This member is leaving, too; choose another',
    successor_unverified: 'This member’s real name is not verified in WeCom; have it verified or choose another',
    successor_login: 'This member has not signed in to WeCom for a year; have them sign in or choose another',
    successor_untrained: 'This member’s training has run out; complete it or choose another',
    successor_on_leave: 'This member is on leave; see that somebody looks after the customer first',
    successor_full: 'Over the number of customers this member may have; raise the limit or choose another',
    other_entity: 'This member belongs to another legal entity; choose one of the same',
    no_basis:
      'No legal basis in force is on record for this kind of customer; compliance writes it down under “Legal bases and review” and a second person confirms it',
    minor_not_permitted: 'The customer is a child, and this member has no permission for minors; choose another',
    complained_about: 'The customer complained about this member; choose another',
    relative: 'This member and the customer are related; choose another',
    other: 'Did not pass a check ({code})',
  },
  link: {
    title: 'Connection to WeCom',
    state: {
      well: 'Working',
      unsteady: 'Unsteady',
      blocked: 'Waiting for a rate limit',
      down: 'No answer',
      refused: 'An administrator is needed',
    },
    down: 'WeCom has not answered since {time}. What you see is what was last read; work goes on by itself once it answers, nothing needs to be repeated.',
    down_ever: 'WeCom has never answered yet. Work goes on by itself once it does, nothing needs to be repeated.',
    blocked: 'WeCom limits the rate of calls; work goes on by itself in about {span}, nothing needs to be repeated.',
    refused: 'Work goes on by itself once this is mended.',
    good_at: 'Last good answer: {time}',
    good_never: 'No good answer yet',
    blocked_until: 'Rate limited; goes on by itself after {time}',
    no_answer: 'No answer at {time}; tried again by itself',
    events: 'Notifications from WeCom waiting: {count}',
    unknown: 'Notifications this version does not know, “{event}”:',
    try: 'Try again now',
    tried: 'Started; the result shows in a moment',
  },
  mirror_line: {
    at: 'As WeCom had it at {time}',
    running: 'Reading from WeCom now; numbers may still change',
    never: 'Never read from WeCom yet',
  },
  under_way: {
    title: 'Between us and WeCom',
    to_send: '{n} customer goes to WeCom in a moment | {n} customers go to WeCom in a moment',
    settling: '{n} submitted, waiting for WeCom’s answer',
    waiting: '{n} waiting for the customer (24 hours); the first is taken over at {first}',
    waiting_any: '{n} waiting for the customer; a result may come any moment',
    checking: '{n} to be checked; see the exceptions',
    unconfirmed: '{n} without a result for more than 26 hours; WeCom is asked again and again',
    blocked: '{n} not submitted for now; it goes on by itself once the reason is gone',
    next: 'Tried again at {time}.',
  },
  plan_state: {
    draft: 'Draft',
    pending: 'To decide',
    approved: 'Approved',
    rejected: 'Rejected',
    expired: 'Ran out',
    discarded: 'Discarded',
  },
  plan_groups: {
    title: 'Customer groups: {count}',
    rule: 'First to a successor who is in the group already, the others evenly. The new owner counts at once; no customer is asked.',
    to: 'to be owned by {name}',
    now: 'To be owned by {name}',
    change_of: 'Change the new owner of {name}',
    changed: 'Changed: {name} will own it',
    remove_note: 'The group goes back to “to assign”.',
    more: 'Show {n} more',
  },
  ...departureWords,
  ...dutyWords,
  ...objectionWords,
  ...planWords,
  ...figureWords,
  ...launchWords,
  ...leaverWords,
  ...emergencyWords,
  ...evidenceWords,
  ...calendarWords,
  ...checklistWords,
  ...complaintWords,
  ...consentWords,
  ...loginWords,
  ...logWords,
  ...mirrorWords,
  ...exportWords,
  ...factWords,
  ...requestWords,
  ...retentionWords,
  ...ruleWords,
  ...textWords,
  ...untoldWords,
}
