import { format } from 'node:util'
import { afterAll, afterEach } from 'vitest'

// Whatever the code complains about on the console is a fault nobody looked at, so it fails the test. A test that expects
// a complaint says so: vi.spyOn(console, 'warn').mockReturnValue(undefined), and then looks at it.
const complaints: string[] = []
for (const kind of ['error', 'warn'] as const)
  console[kind] = (...words: unknown[]) => {
    complaints.push(`console.${kind}: ${format(...words)}`)
  }

function failIfHeard(): void {
  const heard = complaints.splice(0)
  if (heard.length) throw new Error(`Unexpected complaint\n${heard.join('\n')}`)
}

afterEach(failIfHeard)
afterAll(failIfHeard)
