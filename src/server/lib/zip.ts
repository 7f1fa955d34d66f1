import { crc32, deflateRawSync } from 'node:zlib'

/** 1980-01-01: the same content is the same file. */
const DATE = 0x0021
const UTF8 = 0x0800
const DEFLATE = 8

/** A ZIP that every tool opens: deflated, names in UTF-8, no 64-bit forms (so below 4 GB and 65,535 files). */
export function zip(files: readonly { name: string; body: Buffer | string }[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, body: given } of files) {
    const body = Buffer.from(given)
    const packed = deflateRawSync(body, { level: 9 })
    const title = Buffer.from(name)
    const common = Buffer.concat([
      ...[20, UTF8, DEFLATE, 0, DATE].map(le16),
      ...[crc32(body), packed.length, body.length].map(le32),
      ...[title.length, 0].map(le16),
    ])
    const central = [le32(0x02014b50), le16(20), common, le16(0), le16(0), le16(0), le32(0), le32(offset), title]
    directory.push(Buffer.concat(central))
    parts.push(le32(0x04034b50), common, title, packed)
    offset += 4 + common.length + title.length + packed.length
  }
  const listed = Buffer.concat(directory)
  const count = le16(files.length)
  const end = [le32(0x06054b50), le16(0), le16(0), count, count, le32(listed.length), le32(offset), le16(0)]
  return Buffer.concat([...parts, listed, ...end])
}

function le16(n: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(n)
  return bytes
}
function le32(n: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(n >>> 0)
  return bytes
}
