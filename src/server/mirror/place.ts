import * as z from 'zod/mini'
import { progress, type Progress } from '../db/freshness'

/** Where a step stands, so that another run can go on there. */
const place = z.object({
  /** The last userid of the members that are finished. */
  after: z._default(z.string(), ''),
  /** Which members are being read, as a digest: a cursor fits only these. '' at their beginning. */
  batch: z._default(z.string(), ''),
  /** Where their list goes on. */
  cursor: z._default(z.string(), ''),
  /** Their list has been read; what vanished is being asked for. */
  listed: z._default(z.boolean(), false),
  /** Members of whom the list says that it does not show them. */
  unread: z._default(z.array(z.string()), []),
  /** The last group that is finished. */
  chat: z._default(z.string(), ''),
})
export type Place = z.output<typeof place>

export const nowhere: Place = { after: '', batch: '', cursor: '', listed: false, unread: [], chat: '' }

export const readPlace = (given: unknown): Place => {
  const parsed = z.safeParse(place, given)
  return parsed.success ? parsed.data : nowhere
}

const nothing: Progress = { departments: 0, members: 0, tags: 0, relations: 0, groups: 0, beat: '' }

export const readRead = (given: unknown): Progress => {
  const parsed = z.safeParse(progress, given)
  return { ...(parsed.success ? parsed.data : nothing) }
}
