import { openCorp } from './corp'

/** One leaver with so many customers, to so many successors. */
const CUSTOMERS = 400
const SUCCESSORS = 2
/** Every minute while something happens, as in production; every ten while all wait, because then no tick makes a call. */
const ticks = [...Array<number>(20).fill(1), ...Array<number>(141).fill(10), ...Array<number>(70).fill(1)]
const paths = ['transfer_customer', 'transfer_result'].map((name) => `externalcontact/resigned/${name}`)
const counted = [...paths, 'externalcontact/get_unassigned_list']

/**
 * The whole day of a handover, minute by minute as in production. The minimum is the fact sheet's (12): one call per hundred
 * of a pair, and two readings of its results, one page per thousand: after the sending, and when the 24 hours are over.
 */
export async function measure() {
  const calm = await day()
  const rough = await day((fault) => {
    for (const [i, path] of counted.entries()) {
      fault({ path, drop: 'after-effect', every: 3 + i, times: 4 })
      fault({ path, drop: 'before-effect', every: 4 + i, times: 3 })
      fault({ path, status: 502, effect: true, every: 7, times: 2 })
    }
  })
  const perPair = CUSTOMERS / SUCCESSORS
  const minimum = SUCCESSORS * (Math.ceil(perPair / 100) + 2 * Math.ceil(perPair / 1000))
  const figures = {
    callsOverMinimum: round(calm.calls / minimum),
    callsOverOneReading: round(calm.calls / (SUCCESSORS * (Math.ceil(perPair / 100) + Math.ceil(perPair / 1000)))),
    callsOverMinimumWithFaults: round(rough.calls / minimum),
    duplicates: rough.duplicates,
    lost: rough.lost + calm.lost,
  }
  return {
    figures,
    rows: [
      ['customers, successors', `${CUSTOMERS}, ${SUCCESSORS}`],
      ['calls: transfer, results, unassigned list', calm.calls],
      ['documented minimum', minimum],
      ['calls over minimum', figures.callsOverMinimum, 'aim ≤ 1.05'],
      ['calls over minimum with one reading only', figures.callsOverOneReading],
      ['calls over minimum, with faults', figures.callsOverMinimumWithFaults],
      ['customers started twice, with faults', figures.duplicates, 'aim 0'],
      ['customers not taken over after 25 h', figures.lost, 'aim 0'],
    ],
  }
}

type Fault = Parameters<Awaited<ReturnType<typeof openCorp>>['simulator']['faults']['add']>[0]

async function day(faults?: (add: (fault: Fault) => void) => void) {
  const corp = await openCorp(CUSTOMERS, SUCCESSORS)
  try {
    const { simulator, deps } = corp
    const before = simulator.calls.length
    faults?.((fault) => void simulator.faults.add(fault))
    await corp.run('transfers')
    for (const minutes of ticks) await corp.pass(minutes)
    const begun = new Map<string, number>()
    for (const { kind, externalUserid = '' } of simulator.ledger)
      if (kind === 'transfer_started') begun.set(externalUserid, (begun.get(externalUserid) ?? 0) + 1)
    const taken = await deps.db.selectFrom('transfer').select('handoverId').where('state', '=', 'taken_over').execute()
    return {
      calls: simulator.calls.slice(before).filter((c) => counted.includes(c.path)).length,
      duplicates: [...begun.values()].filter((n) => n > 1).length,
      lost: CUSTOMERS - taken.length,
    }
  } finally {
    await corp.close()
  }
}

const round = (n: number): number => Math.round(1000 * n) / 1000
