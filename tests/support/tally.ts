import { writeFileSync } from 'node:fs'
import type { Reporter } from 'vitest/node'

/** Counts for tests/support/run.mjs. What broke outside of any test counts as failed, too. */
export default class Tally implements Reporter {
  onTestRunEnd: Reporter['onTestRunEnd'] = (modules, errors) => {
    let passed = 0
    let failed = errors.length
    for (const module of modules) {
      const before = failed
      for (const test of module.children.allTests()) {
        if (test.result().state === 'passed') passed++
        if (test.result().state === 'failed') failed++
      }
      if (module.state() === 'failed' && failed === before) failed++
    }
    const file = process.env['TALLY']
    if (file) writeFileSync(file, JSON.stringify({ passed, failed }))
  }
}
