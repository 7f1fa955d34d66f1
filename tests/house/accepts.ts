type Version = [number, number, number]

const read = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return [major, minor, patch]
}
const compare = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/** The next version a bare or `^` or `~` comparator no longer covers; what is not written (20, 20.x) covers everything. */
function ceiling(sign: string, text: string): Version {
  const [major, minor, patch] = read(text)
  const written = text.split('.').filter((part) => /^\d+$/.test(part)).length
  if (sign === '^' || written === 1) return [major + 1, 0, 0]
  if (sign === '~' || written === 2) return [major, minor + 1, 0]
  return [major, minor, patch + 1]
}

/** Whether a Node version lies in the `engines` range of a package; the part of npm's grammar that packages use. */
export function accepts(range: string, node: string): boolean {
  const version = read(node)
  return range.split('||').some((part) =>
    [...part.matchAll(/(>=|<=|>|<|=|\^|~)?\s*([\dx*][\dx*.]*)/g)].every(([, sign = '', text = '']) => {
      if (/^[x*]/.test(text)) return true
      const difference = compare(version, read(text))
      if (sign === '>=') return difference >= 0
      if (sign === '>') return difference > 0
      if (sign === '<=') return difference <= 0
      if (sign === '<') return difference < 0
      return difference >= 0 && compare(version, ceiling(sign, text)) < 0
    }),
  )
}
