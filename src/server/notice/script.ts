import { Failure } from '../../shared/failure'
import { getScript, sendScript, type ScriptFinding } from '../../shared/script'
import { draftFindings } from '../../shared/textlint'
import { act } from '../db/act'
import { offersAllowed } from '../db/consented'
import { fillText, type Message } from '../db/filled'
import { look } from '../db/look'
import { holdNotice } from '../db/notice'
import type { Tx } from '../db/open'
import { servingRow } from '../db/serving'
import { inheritedHandover, sightOfRow } from '../db/standing'
import { textInUse } from '../db/text'
import type { Audit } from '../db/act'
import type { Language } from '../../shared/lang/fill'
import type { Script } from '../../shared/script'
import { seenBy } from '../lib/cut'
import { sha256 } from '../lib/id'
import { serve, type House } from '../lib/serve'
import { addScript, replaceScripts } from './rows'

/** Talk scripts: what compliance wrote, filled; what the member made of it, looked at; and the attempt, written down first. */
export function scriptDoors(house: House): void {
  const { deps } = house
  const { config } = deps

  serve(house, getScript, ({ input, caller }) => {
    const now = deps.now()
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = servingRow(await inheritedHandover(tx, caller.id, input.handover), now)
      const sight = sightOfRow(row, now)
      look(audit, 'look.script', row.customer, { sight, door: getScript, handover: row.handover, only: ['F0'] })
      const { text, template, filled } = await filledScript(
        tx,
        audit,
        input.script,
        input.language,
        row.from,
        caller.name,
      )
      return seenBy(sight, { text, version: template, filled })
    })
  })

  serve(house, sendScript, ({ input, caller }) => {
    const now = deps.now()
    const { script, language, text, sure } = input
    return act(deps.db, now, caller.id, async (tx, audit) => {
      const row = servingRow(await inheritedHandover(tx, caller.id, input.handover), now)
      // Two at once would both stay prepared.
      if ((await holdNotice(tx, row.handover)) === 'waived') throw new Failure('notice_waived')
      const sight = sightOfRow(row, now)
      const marketing = await offersAllowed(tx, row.customer, now)
      const findings = withoutHouse(text, config.HOTLINE, (said) => draftFindings(said, { at: now, marketing }))
      const stopped = findings.some(({ weight }) => weight === 'refuse' || !sure)
      if (stopped) {
        const rules = [...new Set(findings.map(({ rule }) => rule))]
        audit('script.refused', row.handover, { script, rules })
        return seenBy(sight, { findings, attempt: null })
      }
      const from = await filledScript(tx, audit, script, language, row.from, caller.name)
      const id = deps.id()
      const edited = text !== from.text
      const textSha256 = sha256(text)
      await replaceScripts(tx, row.handover, now)
      await addScript(tx, {
        ...{ id, handoverId: row.handover, preparedBy: caller.id, preparedAt: now, language, script, edited },
        ...{ template: from.template, text, textSha256 },
      })
      const rules = [...new Set(findings.map(({ rule }) => rule))]
      const said = { attempt: id, script, template: from.template, edited, text_sha256: textSha256 }
      audit('script.prepared', row.handover, { ...said, ...(rules.length ? { sure_of: rules } : {}) })
      return seenBy(sight, { findings, attempt: { id, text } })
    })
  })

  async function filledScript(
    tx: Tx,
    audit: Audit,
    script: Script,
    language: Language,
    old: string,
    own: string,
  ): Promise<Message> {
    const { COMPANY_NAME: company, HOTLINE: tel } = config
    return fillText(await textInUse(tx, audit, deps.now(), script), language, { company, old, new: own, tel })
  }
}

/** The hotline is a number, but nobody's; blanks keep the places of what is found. */
const withoutHouse = (text: string, hotline: string, look: (text: string) => ScriptFinding[]): ScriptFinding[] =>
  look(text.replaceAll(hotline, ' '.repeat(hotline.length)))
