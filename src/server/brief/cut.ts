import { maskedClasses, maskPhone, type FieldClass } from '../../shared/access'
import type { Brief } from '../../shared/customer'

/** The sections of a brief that depend on the stage. What is not listed here does not leave the server. */
type Sections = Required<Pick<Brief, 'contact' | 'promises' | 'left' | 'history'>>

const classOf: Record<keyof Sections, FieldClass> = { contact: 'F1', promises: 'F2', left: 'F2', history: 'F2' }
/** Inside `left`: phone numbers are a class of their own. */
const mobilesClass: FieldClass = 'F3'

/** Leaves of a brief what the classes open, and masks what leaves only masked (compliance 6.2, 6.3). */
export function cut(sections: Sections, classes: readonly FieldClass[]): Partial<Sections> {
  const kept: Partial<Sections> = Object.fromEntries(
    Object.entries(sections).filter(([name]) => classes.includes(classOf[name as keyof Sections])),
  )
  if (kept.left) kept.left = { ...kept.left, mobiles: mobiles(kept.left.mobiles, classes) }
  return kept
}

function mobiles(all: readonly string[], classes: readonly FieldClass[]): string[] {
  if (!classes.includes(mobilesClass)) return []
  return maskedClasses.includes(mobilesClass) ? all.map(maskPhone) : [...all]
}
