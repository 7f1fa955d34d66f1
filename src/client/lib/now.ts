/** Within a minute the device's own clock is good enough; beyond it, it is wrong, and countdowns would be, too. */
const TRUSTED_MS = 60_000
let behind = 0

/** What time it is, by the server's clock where the device's is off (quality Q11). */
export const now = (): Date => new Date(Date.now() + behind)

/** Each answer of the server carries its time (`Date`, in whole seconds). */
export function hearTime(date: string | null): void {
  const heard = date === null ? NaN : Date.parse(date)
  if (Number.isNaN(heard)) return
  const difference = heard - Date.now()
  behind = Math.abs(difference) > TRUSTED_MS ? difference : 0
}
