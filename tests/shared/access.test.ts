import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldClasses, letterLists, maskName, maskPhone, maySee, stages, visibleClasses } from '../../src/shared/access'
import { whoSees } from '../../src/shared/letter'

describe('the access table', () => {
  it('opens to the successor what compliance 6.2 says, stage by stage', () => {
    expect(stages.map((stage) => visibleClasses('successor', stage).join(' '))).toEqual([
      '',
      'F0 F1',
      'F0 F1 F2 F3',
      'F0',
      '',
    ])
  })

  it('never opens raw chats, sensitive or internal data to anybody (D6)', () => {
    for (const who of ['successor', 'manager', 'approver', 'compliance'] as const)
      for (const stage of stages)
        for (const fieldClass of ['F4', 'F5', 'F6'] as const) expect(maySee(who, stage, fieldClass)).toBe(false)
  })

  it('prints the letter’s lists from itself: together they are every class but F0 (T-59)', () => {
    const { visible, hidden } = letterLists()
    expect([...visible, ...hidden].sort()).toEqual(fieldClasses.filter((c) => c !== 'F0'))
    for (const c of visible) expect(whoSees(c)).toContain('successor')
    for (const c of hidden) expect(whoSees(c)).toEqual([])
  })
})

describe('masks', () => {
  it('never show a whole phone number', () => {
    const phone = fc.stringMatching(/^\+?[0-9]{3,15}$/)
    fc.assert(fc.property(phone, (number) => !maskPhone(number).includes(number)))
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskPhone('5678901')).toBe('****01')
  })

  it('show one character of a name, whole even beyond the basic plane', () => {
    expect(maskName('王建国')).toBe('王*')
    expect(maskName('𠮷野')).toBe('𠮷*')
    expect(maskName('')).toBe('')
  })
})
