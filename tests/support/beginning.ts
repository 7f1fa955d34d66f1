import { openHouse, type Beginning, type HouseOptions, type ServerHouse } from './house'

/** What happens before a test begins; the same each time. */
type Life = (house: ServerHouse) => Promise<unknown>

const known = new Map<string, { times: number; kept?: Promise<Beginning> }>()

/**
 * A house in which this has happened. What a worker is asked for a second time it keeps, and later houses begin there: living
 * through it again is most of what their tests would take. Their log and the simulator's log of calls begin there, too.
 */
export async function openAfter(life: Life, options: HouseOptions = {}): Promise<ServerHouse> {
  const lived = async () => {
    const house = await openHouse(options)
    await life(house)
    return house
  }
  const key = `${life.name} ${JSON.stringify(options)}`
  const one = known.get(key) ?? { times: 0 }
  known.set(key, one)
  if (++one.times === 1) return lived()
  one.kept ??= lived().then((house) => house.keep())
  return openHouse({ ...options, from: await one.kept })
}

/** WeCom has been read for the first time. */
export const openMirrored = (options?: HouseOptions): Promise<ServerHouse> => openAfter(mirrored, options)
const mirrored: Life = (house) => house.runJobs('mirror')
