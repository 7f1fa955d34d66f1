import { it } from 'vitest'
import { ownPostgres } from './postgres'
import { killServers, title } from './servers'

const postgres = ownPostgres()

it(
  title('of a web process and two workers one is'),
  () => killServers(postgres, ['web', 'worker', 'worker']),
  3_600_000,
)
