import type { Family } from './api'
import { cards } from './cards'
import { customers } from './customers'
import { departments } from './departments'
import { groups } from './groups'
import { inheritance } from './inheritance'
import { massMessages } from './massmessages'
import { members } from './members'
import { messages } from './messages'
import { oauth } from './oauth'
import { tags } from './tags'
import { tokens } from './tokens'

/** Everything that is simulated; anything else is 404. */
export const apis: Family = {
  ...tokens,
  ...members,
  ...departments,
  ...customers,
  ...tags,
  ...groups,
  ...inheritance,
  ...messages,
  ...cards,
  ...massMessages,
  ...oauth,
}
