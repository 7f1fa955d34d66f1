import { it } from 'vitest'
import { ownPostgres } from './postgres'
import { killServers, title } from './servers'

const postgres = ownPostgres()

it(title('a server that does everything is'), () => killServers(postgres, ['all']), 3_600_000)
