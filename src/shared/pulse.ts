import * as z from 'zod/mini'
import { endpoint, id } from './endpoint'
import { house } from './field'

/**
 * Whether what a page shows of a customer is still what it may show: asked while it is in view, so that what a customer takes back
 * is off every open page within a minute (T-14). Apart from the rest of asking, because the first screen needs it.
 */
export const pulse = endpoint({
  method: 'GET',
  path: '/api/customers/:customer/pulse',
  access: ['rep'],
  input: z.object({ customer: id, mark: z.string().check(z.maxLength(64)) }),
  output: house({ same: z.boolean() }),
})
