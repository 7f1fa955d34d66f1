/** One element: strings are CDATA; numbers and `plain` are not, and a receiver must bear both (facts 13.42). */
export type Field = [name: string, value: string | number | { plain: string } | Field[]]

export function writeXml(fields: Field[]): string {
  return `<xml>${inner(fields)}</xml>`
}

const inner = (fields: Field[]): string =>
  fields.map(([name, value]) => `<${name}>${content(value)}</${name}>`).join('')

function content(value: Field[1]): string {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return inner(value)
  if (typeof value === 'object') return value.plain
  // A CDATA section ends at the first ]]>, so that one is split in two.
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
