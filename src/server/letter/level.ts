import type { IdentityLevel } from '../../shared/request'
import type { Visit } from './doors'
import { identityOf } from './identity'

/** How sure it is who stands at the door (3.6). Whoever holds the link has shown nothing but the link; WeChat says more. */
export const levelOf = async (visit: Visit): Promise<IdentityLevel> => (await identityOf(visit)).identity
