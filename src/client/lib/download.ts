import type { Endpoint, Input } from '../../shared/endpoint'
import { fillPlaces, header, readFailure, send } from './api'
import { holdFields } from './held'
import { goToLogin } from './login'

/**
 * Calls an endpoint that answers with a file and gives it to the client's own "save". POST, so that what opens it never
 * stands in an address; a refusal is told like that of any other call.
 */
export async function download<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void> {
  const { path, rest } = fillPlaces(endpoint.path, input as Record<string, unknown>)
  const answer = await send(endpoint.method, path, rest, { bytes: true })
  const bytes = answer.data as ArrayBuffer
  if (answer.status === 401 && goToLogin(() => holdFields(true))) return new Promise(() => undefined)
  if (answer.status !== 200) throw readFailure(readJson(bytes), header(answer, 'x-request-id'))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([bytes], { type: header(answer, 'content-type') ?? '' }))
  link.download = nameIn(header(answer, 'content-disposition') ?? '')
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

function readJson(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

/** The name in UTF-8 (RFC 8187). */
function nameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1]
  return encoded ? decodeURIComponent(encoded) : 'export'
}
