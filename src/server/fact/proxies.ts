import * as z from 'zod/mini'
import { readSetting } from '../db/setting'
import type { Db } from '../db/open'

export const PROXIES = 'fact_proxies'

/** Words that compliance has named as standing for what is prohibited. */
export const proxiesNow = (db: Db): Promise<string[]> => readSetting(db, PROXIES, z.array(z.string()), [])
