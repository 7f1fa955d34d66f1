const EARLY_MS = 300_000
/** A wrong secret is not tried more than three times an hour: WeCom bans the address otherwise (quality C12, Q15). */
const HOLD_MS = 1_200_000

export interface TokenSource {
  fetchToken(): Promise<{ access_token: string; expires_in: number }>
  /** Asking again with the same secret cannot help. */
  isHopeless(error: unknown): boolean
  now(): number
}

/** One token for everybody: fetched by whoever comes first, awaited by the rest, in memory only (facts 1.1). */
export function tokenKeeper({ fetchToken, isHopeless, now }: TokenSource) {
  let held: { token: string; until: number } | null = null
  let flight: Promise<string> | null = null
  let refused: { error: unknown; until: number } | null = null

  async function fetchNew(): Promise<string> {
    if (refused && now() < refused.until) throw refused.error
    try {
      const { access_token, expires_in } = await fetchToken()
      held = { token: access_token, until: now() + expires_in * 1000 - EARLY_MS }
      refused = null
      return access_token
    } catch (error) {
      if (isHopeless(error)) refused = { error, until: now() + HOLD_MS }
      throw error
    }
  }
  const single = (): Promise<string> => (flight ??= fetchNew().finally(() => (flight = null)))

  return {
    get: (): Promise<string> => (held && now() < held.until ? Promise.resolve(held.token) : single()),
    /** `bad` was refused: many may say so at once, and one of them fetches. */
    renew: (bad: string): Promise<string> => {
      if (held && held.token !== bad) return Promise.resolve(held.token)
      held = null
      return single()
    },
  }
}
