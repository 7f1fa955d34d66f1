import { describe, expect, it } from 'vitest'
import {
  fieldClasses,
  letterLists,
  maySee,
  purposes,
  purposesOf,
  shownTo,
  stages,
  standpoints,
  visibleClasses,
} from '../../src/shared/access'
import { stageOf } from '../../src/shared/handover'
import { whoSees } from '../../src/shared/letter'

describe('the access table', () => {
  it('opens to the successor what compliance 6.2 says, stage by stage', () => {
    expect(Object.fromEntries(stages.map((stage) => [stage, visibleClasses('successor', stage).join(' ')]))).toEqual({
      V0: '',
      V1: 'F0 F1',
      V2: 'F0 F1 F2 F3',
      V3: 'F0 F1 F2 F3',
      VR: 'F0 F1 F2 F3',
      VO: 'F0',
      VG: 'F0',
      VB: 'F0 F1',
      VX: '',
    })
  })

  it('opens raw chats and sensitive data to nobody without a consent to that purpose (D6, T-14)', () => {
    for (const who of standpoints)
      for (const stage of stages) {
        for (const c of ['F4', 'F5'] as const) {
          expect(maySee(who, stage, c)).toBe(false)
          for (const purpose of purposes)
            for (const answer of ['given', 'refused', 'withdrawn'] as const)
              expect(maySee(who, stage, c, { [purpose]: answer })).toBe(
                who === 'successor' && stage === 'V3' && answer === 'given' && purposesOf[c]?.includes(purpose),
              )
        }
        expect(maySee(who, stage, 'F6')).toBe(who === 'compliance' && stage === 'VO')
      }
  })

  it('shows what is commercial only masked, what is sensitive as a flag at most', () => {
    for (const who of standpoints)
      for (const stage of stages) {
        expect(['masked', 'closed']).toContain(shownTo(who, stage, 'F3'))
        expect(['flag', 'closed']).toContain(shownTo(who, stage, 'F5'))
      }
  })

  it('has nothing for a leaver, other staff, HR and administrators (6.2)', () => {
    for (const who of ['departed', 'staff', 'hr', 'admin'] as const)
      for (const stage of stages) expect(visibleClasses(who, stage)).toEqual([])
  })

  it('reaches V3 by a consent only, and a refusal closes its purpose alone; without a basis on record it closes (T-07)', () => {
    const told = { transfer: 'taken_over', notice: 'sent', objectionOpen: false } as const
    expect(stageOf(told)).toBe('V2')
    expect(stageOf(told, { history_raw: 'given', sensitive_use: 'refused' })).toBe('V3')
    expect(stageOf(told, { history_raw: 'withdrawn' })).toBe('VR')
    expect(stageOf({ ...told, notice: 'prompted' }, { history_raw: 'given' })).toBe('V1')
    expect(stageOf({ ...told, objectionOpen: true }, { history_raw: 'given' })).toBe('VO')
    expect(stageOf({ ...told, guarded: true }, { history_raw: 'given' })).toBe('VG')
    expect(stageOf({ ...told, transfer: 'planned', guarded: true })).toBe('V0')
    expect(stageOf({ ...told, baseless: true }, { history_raw: 'given' })).toBe('VB')
    expect(stageOf({ ...told, notice: 'prompted', baseless: true })).toBe('V1')
    expect(visibleClasses('successor', 'VR')).toEqual(visibleClasses('successor', 'V2'))
  })

  it('prints the letter’s lists from itself: together they are every class but F0 (T-59)', () => {
    const { visible, hidden } = letterLists()
    expect([...visible, ...hidden].sort()).toEqual(fieldClasses.filter((c) => c !== 'F0'))
    for (const c of visible) expect(whoSees(c)).toContain('successor')
    for (const c of hidden) expect(whoSees(c)).toEqual([])
  })
})
