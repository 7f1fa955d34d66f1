/**
 * The rule for groups: first those in which a successor is already, each to that successor; then the others, each to
 * whoever has fewest so far. Same input, same plan, in whatever order it comes.
 */
export function splitGroups(
  groups: readonly { chatId: string; staff: readonly string[] }[],
  successors: readonly { id: string; userid: string }[],
): Map<string, string> {
  const given = new Map(successors.map((s) => [s.id, 0]))
  const order = [...successors].sort((a, b) => (a.id < b.id ? -1 : 1))
  const split = new Map<string, string>()
  const give = (chatId: string, among: typeof order) => {
    const [chosen] = among.toSorted((a, b) => given.get(a.id)! - given.get(b.id)!)
    if (!chosen) return
    given.set(chosen.id, given.get(chosen.id)! + 1)
    split.set(chatId, chosen.id)
  }
  const sorted = [...groups].sort((a, b) => (a.chatId < b.chatId ? -1 : 1))
  for (const { chatId, staff } of sorted)
    give(
      chatId,
      order.filter((s) => staff.includes(s.userid)),
    )
  for (const { chatId } of sorted) if (!split.has(chatId)) give(chatId, order)
  return split
}
