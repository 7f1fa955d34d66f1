// One part of a benchmark in a process of its own, so that its memory and its time are not another part's.
import { runnerImport } from 'vite'

await runnerImport(process.argv[2], { configFile: false, logLevel: 'error' })
