import { inflateRawSync } from 'node:zlib'

/** The files of a ZIP of ours, by name: read by its own headers, not by our writer. */
export function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50;) {
    const [packed, name, extra] = [
      bytes.readUInt32LE(at + 18),
      bytes.readUInt16LE(at + 26),
      bytes.readUInt16LE(at + 28),
    ]
    const start = at + 30 + name + extra
    files.set(bytes.toString('utf8', at + 30, at + 30 + name), inflateRawSync(bytes.subarray(start, start + packed)))
    at = start + packed
  }
  return files
}
