import { createHash } from 'node:crypto'
import { raw } from 'hono/html'
import written from './letter.css?raw'

/**
 * The look of the letter, inside it: on a slow line a stylesheet of its own costs a round trip before the first word is painted
 * (`bench -- notice`). The policy names exactly this text by its hash, so that no other style is allowed for it.
 */
export const styleText = written
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/\s+/g, ' ')
  .trim()

export const style = raw(`<style>${styleText}</style>`)
export const styleHash = `'sha256-${createHash('sha256').update(styleText).digest('base64')}'`
