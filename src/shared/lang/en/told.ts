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
  untold: {
    title: '{customers} customers are not told yet',
    text: 'A day has passed since you took over. Please tell them in the chat or by mass message tasks; after three days a manager uses another channel.',
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
}
