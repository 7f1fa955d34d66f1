import { OK } from '../../shared/endpoint'
import { Failure } from '../../shared/failure'
import {
  findColleagues,
  getCustomerFacts,
  getMemberFacts,
  listCustomerFacts,
  listMemberFacts,
  writeCustomerFact,
  writeMemberFact,
} from '../../shared/factdoor'
import { act } from '../db/act'
import { customerFactRows, memberFactRows } from '../db/fact-rows'
import { look } from '../db/look'
import { sightOver } from '../db/sight'
import { seenBy } from '../lib/cut'
import { pageOf, placeOf, readPlace, word } from '../lib/listing'
import { reachOf } from '../lib/reach'
import { serve, type House } from '../lib/serve'
import { byHand } from './hand'
import { correcting } from './correction'
import { importing } from './file'
import { mapping } from './mapping'
import * as rows from './rows'
import { membersIn, shownCustomerFacts, shownMemberFacts } from './shown'

/** What an allocation may know of people: looked at, written by hand, from a file, or read from WeCom. */
export function fact(house: House): void {
  const { db, now } = house.deps

  serve(house, listMemberFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const after = readPlace(input.after, word)?.[0] ?? null
      const found = await rows.membersAfter(tx, reachOf(caller, 'hr'), input.name ?? '', after, input.limit + 1)
      const facts = await memberFactRows(
        tx,
        found.map((m) => m.id),
      )
      audit('look.list', 'facts', { members: found.slice(0, input.limit).map((m) => m.id) })
      const known = (id: string) => new Set(facts.filter((f) => f.id === id).map((f) => f.field)).size
      return pageOf(
        found,
        input.limit,
        (m) => placeOf(m.id),
        (m) => ({ ...m, known: known(m.id) }),
      )
    }),
  )

  serve(house, getMemberFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.memberFor(tx, reachOf(caller, 'hr'), input.member)
      if (!found) throw new Failure('not_found')
      audit('look.facts', found.id, { of: 'member' })
      const fields = shownMemberFacts(await memberFactRows(tx, [found.id]))
      return { member: found.id, name: found.name, department: found.department, fields }
    }),
  )

  serve(house, writeMemberFact, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.memberFor(tx, reachOf(caller, 'hr'), input.member)
      if (!found) throw new Failure('not_found')
      await byHand(
        tx,
        audit,
        'members',
        { id: found.id, field: input.field, text: input.text },
        { by: caller.id, at: now() },
      )
      return OK
    }),
  )

  serve(house, listCustomerFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const after = readPlace(input.after, word)?.[0] ?? null
      const found = await rows.customersAfter(tx, caller, input.departure, after, input.limit + 1)
      const facts = await customerFactRows(
        tx,
        found.map((c) => c.id),
      )
      audit('look.list', 'facts', { customers: found.slice(0, input.limit).map((c) => c.id) })
      return pageOf(
        found,
        input.limit,
        (c) => placeOf(c.id),
        (c) => {
          const shown = shownCustomerFacts(
            c,
            facts.filter((f) => f.id === c.id),
            new Map(),
          )
          const known = new Set(shown.noted.map((n) => n.field)).size
          return seenBy({ who: 'manager', stage: 'V0' }, { ...shown, known })
        },
      )
    }),
  )

  serve(house, getCustomerFacts, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.customerById(tx, caller, input.customer)
      if (!found) throw new Failure('not_found')
      const sight = await sightOver(tx, found.id, now())
      look(audit, 'look.facts', found.id, { sight, door: getCustomerFacts, only: ['F0', 'F1', 'F2'] })
      const facts = await customerFactRows(tx, [found.id])
      return seenBy(sight, shownCustomerFacts(found, facts, await rows.namesOf(tx, membersIn(facts))))
    }),
  )

  serve(house, writeCustomerFact, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const found = await rows.customerById(tx, caller, input.customer)
      if (!found) throw new Failure('not_found')
      await byHand(
        tx,
        audit,
        'customers',
        { id: found.id, field: input.field, text: input.text },
        { by: caller.id, at: now() },
      )
      return OK
    }),
  )

  serve(house, findColleagues, ({ input, caller }) =>
    act(db, now(), caller.id, async (tx, audit) => {
      const items = await rows.colleaguesNamed(tx, input.name)
      audit('look.list', 'facts', { members: items.map((m) => m.id) })
      return { items }
    }),
  )

  importing(house)
  mapping(house)
  correcting(house)
}
