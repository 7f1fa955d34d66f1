export type EffectKind =
  | 'transfer_started'
  | 'taken_over'
  | 'refused'
  | 'full'
  /** The successor left, or the relation ended, while the customer was waiting. */
  | 'transfer_void'
  | 'tagged'
  | 'untagged'
  | 'remarked'
  | 'message_sent'
  | 'card_updated'
  | 'mass_made'
  | 'mass_sent'
  | 'group_moved'
  | 'member_added'
  | 'member_removed'
  | 'member_quit'
  | 'member_disabled'
  | 'member_enabled'
  | 'relation_added'
  | 'relation_edited'
  | 'relation_ended'

/** Something that really changed in the simulated corp. Compared with the app's database it proves "no duplicate". */
export interface Effect {
  /** Virtual time in ms. */
  at: number
  /** The path below /cgi-bin/, or `clock` for what time brought, or `people` for what somebody did by hand. */
  api: string
  kind: EffectKind
  /** The call that caused it, see `Simulator.calls`; null when time or a person did. */
  requestId: string | null
  userid?: string
  externalUserid?: string
  handover?: string
  takeover?: string
  chatId?: string
  tagIds?: string[]
}
