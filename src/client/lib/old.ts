/**
 * What we and our libraries use of the language and the oldest web views (vite.config.ts) do not have: Chromium has them since
 * 92 and 93, iOS since 15.4. The browser tests run without everything that is newer (tests/support/old.ts).
 */
function add(to: object, name: string, value: unknown): void {
  if (!(name in to)) Object.defineProperty(to, name, { value, writable: true, configurable: true })
}

add(Object, 'hasOwn', (of: object, name: PropertyKey) => Object.prototype.hasOwnProperty.call(of, name))
add(Array.prototype, 'at', function (this: unknown[], place: number) {
  return this[place < 0 ? this.length + place : place]
})
