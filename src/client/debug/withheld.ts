/**
 * What may be shown of something that was thrown or logged: never its words, which may be a customer's (a parser quotes what it
 * could not read), but which of these sentences it contains, what kind of thing it is, and where in our own files.
 */
const SENTENCES = [
  'Cannot read properties of undefined',
  'Cannot read properties of null',
  'undefined is not an object',
  'null is not an object',
  'is not a function',
  'is not defined',
  'is not iterable',
  'Failed to fetch dynamically imported module',
  'Importing a module script failed',
  'Unable to preload CSS',
  'Failed to fetch',
  'Load failed',
  'Network Error',
  'Request aborted',
  'ResizeObserver loop',
  'Script error',
  'Unexpected token',
  'Unexpected end of JSON input',
  'Maximum call stack size exceeded',
  'The quota has been exceeded',
  'The operation is insecure',
  'out of memory',
]
const KINDS = [
  ...['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'AggregateError', 'DOMException'],
  ...['AbortError', 'NetworkError', 'NotAllowedError', 'QuotaExceededError', 'SecurityError', 'InvalidStateError'],
  ...['AxiosError', 'CallFailure', 'ClientRefusal'],
]

export const withheld = (values: readonly unknown[]): string => values.map(shown).join(' · ')

function shown(value: unknown): string {
  if (value instanceof Error) return [kindOf(value), sentence(value.message), ...places(value.stack)].join(' ')
  if (typeof value === 'string') return sentence(value)
  if (Array.isArray(value)) return `(list of ${value.length})`
  return `(${value === null ? 'null' : typeof value})`
}

/** A failure of ours says which, in a word of ours. */
function kindOf(error: Error): string {
  const kind = KINDS.find((name) => name === error.name) ?? 'Error'
  const which: unknown = Reflect.get(error, kind === 'CallFailure' ? 'code' : 'why')
  return typeof which === 'string' && /^[a-z_]{1,30}$/.test(which) ? `${kind} ${which}` : kind
}

const sentence = (text: string): string =>
  SENTENCES.find((one) => text.includes(one)) ?? `(text of ${text.length}, withheld)`

const places = (stack = ''): string[] =>
  [...stack.matchAll(/\/assets\/([\w.-]{1,80}\.js:\d{1,7}:\d{1,7})/g)].slice(0, 6).map(([, place]) => `@${place}`)
