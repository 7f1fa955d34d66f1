import { events } from './events'
import type { Inside } from './inside'
import type { Member, Relation, Transfer } from './state'

/** The relation passes on: the old one ends, the new one begins (facts 4.8). */
export function moveRelation(inside: Inside, transfer: Transfer, handover: Member, takeover: Member, at: number): void {
  const { externalUserid, flow } = transfer
  const old = handover.relations.get(externalUserid)
  const wasFriend = takeover.relations.get(externalUserid)
  const gaveAway = (inside.state.transfers.get(externalUserid) ?? []).some(
    (t) => t.status === 1 && t.handover === takeover.userid,
  )
  handover.relations.delete(externalUserid)
  if (flow === 'onjob') events.memberDeletedCustomer(inside, { userid: handover.userid, externalUserid }, at)
  if (!wasFriend && old) takeover.relations.set(externalUserid, inherited(inside, old, transfer, at))
  if (wasFriend) wasFriend.deletedByCustomer = false
  // On the job, a friend already or somebody who gets his customer back hears nothing (facts 4.7).
  const quiet = wasFriend || (flow === 'onjob' && gaveAway)
  if (!quiet && inside.switches.addEventAfterTakeover)
    events.customerAdded(inside, { userid: takeover.userid, externalUserid }, { seconds: at })
  if (flow === 'onjob') greet(inside, transfer, at)
}

/** Nothing but the friendship is carried over, unless U1 says so (facts 4.8). */
function inherited(inside: Inside, old: Relation, { takeover, handover }: Transfer, at: number): Relation {
  const { carriesNotes, operUserid } = inside.switches
  return {
    userid: takeover,
    externalUserid: old.externalUserid,
    remark: carriesNotes ? old.remark : '',
    description: carriesNotes ? old.description : '',
    createtime: at,
    tagIds: carriesNotes ? [...old.tagIds] : [],
    personalTags: [],
    remarkMobiles: carriesNotes ? [...old.remarkMobiles] : [],
    ...(carriesNotes && old.remarkCorpName ? { remarkCorpName: old.remarkCorpName } : {}),
    addWay: 202,
    operUserid: operUserid === 'takeover' ? takeover : handover,
    deletedByCustomer: false,
  }
}

/** `transfer_success_msg`, or WeCom's own words: only on the job (facts 4.7, 8.1). */
function greet({ state }: Inside, { takeover, externalUserid, successMsg }: Transfer, at: number): void {
  const key = `${takeover}|${externalUserid}`
  const text = successMsg || '您好，我是您的新服务人员，接下来由我为您服务。'
  state.chats.set(key, [
    ...(state.chats.get(key) ?? []),
    { userid: takeover, externalUserid, from: 'member', text, at },
  ])
}
