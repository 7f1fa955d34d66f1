// `npm run kill -- --runs 300 --seed 7`: the kill tests alone, with that many kills of servers and a sixth of it of
// databases and SIGTERMs.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('npm run kill -- --runs 300 --seed 7\n')
  process.exit(1)
}
const env = {
  ...process.env,
  KILL_RUNS: String(runs),
  KILL_SEED: String(seed),
  KILL_DATABASE_RUNS: String(Math.ceil(runs / 6)),
  KILL_STOPS: String(Math.ceil(runs / 6)),
}
spawn('node_modules/.bin/vitest', ['run', '--project', 'kill'], { stdio: 'inherit', env }).on('close', (code) =>
  process.exit(code ?? 1),
)
