import { sql } from 'kysely'

/** `= any(...)` of a list of ids, as one parameter. */
export const among = (ids: readonly string[]) => sql<string>`any(${sql.val(ids)}::text[])`
