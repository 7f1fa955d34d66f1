import type { ToldWords } from '../zh-CN/told'

export const told: ToldWords = {
  head: {
    title: 'Head of the audit log (keep this)',
    text: '{size} entries\nRoot hash {root}\nTime {time}\nKey {key}',
    button: 'Open',
  },
  inherited: {
    title: 'You have taken over {customers} customers',
    text: 'Tell each of them that you are their new contact; then more opens.',
    button: 'Open',
  },
  inheritedOne: {
    title: 'You have taken over 1 customer',
    text: 'Tell them that you are their new contact; then more opens.',
    button: 'Open',
  },
  inheritedGroups: {
    title: 'Customer groups are yours now: {groups}',
    text: 'You are their owner now; please say so in each of them.',
    button: 'Open',
  },
  inheritedBoth: {
    title: 'You have taken over {customers} customers',
    text: 'Customer groups came, too: {groups}. Tell each customer that you are their new contact; then more opens.',
    button: 'Open',
  },
  plan: {
    title: 'A handover plan waits for approval',
    text: '{planner} submitted a plan for the customers of {leaver}: {customers} in all.',
    button: 'Open',
  },
  planWithGroups: {
    title: 'A handover plan waits for approval',
    text: '{planner} submitted a plan for {leaver}: customers {customers}, customer groups {groups}.',
    button: 'Open',
  },
  planBackExpired: {
    title: 'A handover plan ran out',
    text: 'The plan for the customers of {leaver} was not approved within 48 hours. Please look at it and submit it again.',
    button: 'Open',
  },
  planBackRejected: {
    title: 'A handover plan was rejected',
    text: 'The plan for the customers of {leaver} was rejected; the reason stands in the plan. Change it and submit it again.',
    button: 'Open',
  },
  planDrafted: {
    title: 'A handover plan was drafted',
    text: '{leaver} has left, and the system has drafted a plan for {customers} customers by the rules. Please look at it, change it and submit it; without you nothing is sent.',
    button: 'Open',
  },
  duty: {
    title: 'You are on duty while a handover waits',
    text: '{customers} customers of {leaver} wait for their successors (about 24 hours). Please answer them meanwhile; promises due by tomorrow: {due}.',
    button: 'Open',
  },
  dutyDue: {
    title: 'On duty: {promises} promises are due',
    text: 'These customers still wait for their successors. Please see to it today, and note it when it is done.',
    button: 'Open',
  },
  planStuck: {
    title: 'Nobody can approve a handover plan',
    text: 'The plan for the customers of {leaver} waits, but too few managers may decide it. Please grant somebody the right, or change the approval settings.',
    button: 'Open',
  },
  planCard: {
    source: 'Jiebang',
    title: 'A handover plan waits',
    by: 'Submitted by {planner}',
    of: 'Customers of {leaver}',
    lines: { leaver: 'From', what: 'What', to: 'To', needed: 'Needs', due: 'Until', digest: 'Print' },
    customers: '{n} customers',
    groups: '{n} groups',
    members: '{n} people',
    people: '{n}',
    note: 'Please read on the page who gets whom and why, then decide. The buttons here only open the page.',
    buttons: { open: 'Open', approve: 'Approve…', reject: 'Reject…', pass: 'Not me' },
    faces: {
      approved: { title: 'The plan was approved', text: '{decider} approved it, {at}.', button: 'Approved' },
      rejected: { title: 'The plan was rejected', text: '{decider} rejected it, {at}.', button: 'Rejected' },
      expired: { title: 'The plan ran out', text: 'It was not approved within 48 hours.', button: 'Ran out' },
      discarded: { title: 'The plan was given up', text: 'Nothing is left to decide.', button: 'Given up' },
      passed: {
        title: 'Somebody else is asked',
        text: 'Other managers are asked; if there are none, administrators are told. You may still decide it.',
        button: 'Passed on',
      },
    },
  },
  wish: {
    title: 'A customer asks for another colleague',
    text: 'Please arrange or answer within two working days. Until then the present colleague should not contact the customer.',
    button: 'Act',
  },
  wishDue: {
    title: 'A wish for another colleague is due today',
    text: 'Nothing has been arranged or answered yet. Please act today.',
    button: 'Act',
  },
  wishLate: {
    title: 'A wish for another colleague is late',
    text: 'Two working days have passed and the customer has no answer. Please act now.',
    button: 'Act',
  },
  emergency: {
    title: 'A customer was opened in an emergency',
    text: '{by} gave a reason and opened a customer who is not theirs, for an hour. Please say within 24 hours whether it was right.',
    button: 'See',
  },
  promises: {
    title: 'Promised to customers: {list}',
    text: 'Please have a look. Mark what is done; what will be late is agreed with the customer first, then moved.',
    button: 'Open',
    overdue: '{n} overdue',
    today: '{n} due today',
    tomorrow: '{n} due tomorrow',
    and: ', ',
  },
  untold: {
    title: 'Not told a day after the takeover: {customers}',
    text: 'Please tell them in the chat or by mass message tasks; after three days a manager uses another channel.',
    button: 'Open',
  },
  newcomers: {
    title: 'New customers not told a day after they came: {customers}',
    text: 'Please send the first notice in the chat: who serves them, what the company handles, what their rights are.',
    button: 'Open',
  },
  export: {
    title: 'An export waits for approval',
    text: '{by} asks to export {rows} rows. Please read what and why before you decide; it lapses after 48 hours.',
    button: 'Open',
  },
  exportCode: {
    title: 'Your export is ready',
    text: 'Download code {code}. It can be downloaded once within 24 hours; give the code to nobody.',
    button: 'Open',
  },
  complaintNew: {
    title: '{count} complaints wait',
    text: 'Please begin with the nearest date: say of what kind each is and who handles it.',
    button: 'Open',
  },
  complaintNews: {
    title: 'News of complaint {number}',
    text: 'Please open it and see what comes next.',
    button: 'Open',
  },
  complaintSoon: {
    title: 'Complaint {number} is due soon',
    text: 'This step must be done by {day}.',
    button: 'Open',
  },
  complaintLate: {
    title: 'Complaint {number} is late',
    text: 'This step was due by {day}. Please do it today.',
    button: 'Open',
  },
  complaintStop: {
    title: 'Complaint {number}: over 30 days',
    text: 'It had to be settled by {day}. Please do it now, or give it to somebody who can.',
    button: 'Open',
  },
}
