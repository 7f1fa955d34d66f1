import { sql, type Insertable, type Updateable } from 'kysely'
import type { Db, Tx } from '../db/open'
import type { MemberBlock } from '../db/tables'

const inScope = sql<boolean>`block.declined_at is null and block.lifted_at is null`

/** Open ones first, then the newest; `reader` never reads of themselves. */
export const blocksAfter = (db: Db, reader: string, after: { rank: number; id: string } | null, limit: number) =>
  db
    .selectFrom('memberBlock as block')
    .innerJoin('member', 'member.id', 'block.memberId')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .innerJoin('member as asker', 'asker.id', 'block.askedBy')
    .leftJoin('member as confirmer', 'confirmer.id', 'block.confirmedBy')
    .leftJoin('member as liftAsker', 'liftAsker.id', 'block.liftAskedBy')
    .leftJoin('member as lifter', 'lifter.id', 'block.liftedBy')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('probe')
          .select(['doors', 'red', 'endedAt as probedAt'])
          .whereRef('probe.memberId', '=', 'block.memberId')
          .where('probe.endedAt', 'is not', null)
          .where(sql<boolean>`probe.revoked_at >= block.confirmed_at`)
          .orderBy('probe.endedAt', 'desc')
          .limit(1)
          .as('probed'),
      (join) => join.onTrue(),
    )
    .selectAll('block')
    .select(['member.name', 'department.name as department', 'asker.name as asker', 'confirmer.name as confirmer'])
    .select(['liftAsker.name as liftAsker', 'lifter.name as lifter'])
    .select(['probed.doors', 'probed.red', 'probed.probedAt'])
    .select(sql<number>`case when ${inScope} then 0 else 1 end`.as('rank'))
    .where('block.memberId', '!=', reader)
    .$if(after !== null, (q) =>
      q.where(
        sql<boolean>`case when ${inScope} then 0 else 1 end > ${after?.rank}
          or (case when ${inScope} then 0 else 1 end = ${after?.rank} and block.id < ${after?.id})`,
      ),
    )
    .orderBy('rank')
    .orderBy('block.id', 'desc')
    .limit(limit)
    .execute()

export type BlockRow = Awaited<ReturnType<typeof blocksAfter>>[number]

/** Who is here, by name; `open`: asked for, or stopped, already. */
export const blockable = (
  db: Db,
  reader: string,
  text: string,
  after: readonly [string, string] | null,
  limit: number,
) =>
  db
    .selectFrom('member')
    .leftJoin('department', (join) => join.on(sql<boolean>`department.id = member.department_ids[1]`))
    .leftJoin('memberBlock as block', (join) => join.onRef('block.memberId', '=', 'member.id').on(inScope))
    .select(['member.id', 'member.name', 'department.name as department'])
    .select(sql<boolean>`block.id is not null`.as('open'))
    .where('member.status', '!=', 'left')
    .where('member.id', '!=', reader)
    .$if(text !== '', (q) => q.where(sql<boolean>`strpos(lower(member.name), lower(${text})) > 0`))
    .$if(after !== null, (q) => q.where(sql<boolean>`(member.name, member.id) > (${after?.[0]}, ${after?.[1]})`))
    .orderBy('member.name')
    .orderBy('member.id')
    .limit(limit)
    .execute()

export const holdBlock = (tx: Tx, id: string, reader: string) =>
  tx
    .selectFrom('memberBlock')
    .selectAll()
    .where('id', '=', id)
    .where('memberId', '!=', reader)
    .forUpdate()
    .executeTakeFirst()

/** The member, held, so that two administrators do not ask for the same at once. */
export const holdHere = (tx: Tx, id: string) =>
  tx
    .selectFrom('member')
    .select('id')
    .where('id', '=', id)
    .where('status', '!=', 'left')
    .forNoKeyUpdate()
    .executeTakeFirst()

export const openBlock = (tx: Tx, memberId: string) =>
  tx
    .selectFrom('memberBlock as block')
    .selectAll()
    .where('memberId', '=', memberId)
    .where(inScope)
    .forUpdate()
    .executeTakeFirst()

export const addBlock = (tx: Tx, row: Insertable<MemberBlock>) => tx.insertInto('memberBlock').values(row).execute()

export const setBlock = (tx: Tx, id: string, set: Updateable<MemberBlock>) =>
  tx.updateTable('memberBlock').set(set).where('id', '=', id).execute()

export const setBlockedAt = (tx: Tx, memberId: string, blockedAt: Date | null) =>
  tx.updateTable('member').set({ blockedAt }).where('id', '=', memberId).execute()
