import { crc32, deflateRawSync } from 'node:zlib'

const DOS_EPOCH = 0x0021 // 1980-01-01: the same content is the same file
const UTF8 = 0x0800
const DEFLATE = 8

/** A ZIP as OOXML wants it: deflated, no 64-bit forms (our files are small), names in UTF-8. */
export function zip(files: readonly { name: string; text: string }[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text } of files) {
    const raw = Buffer.from(text, 'utf8')
    const packed = deflateRawSync(raw, { level: 9 })
    const common = commonPart(crc32(raw), packed.length, raw.length, Buffer.byteLength(name))
    const local = Buffer.concat([le32(0x04034b50), common, Buffer.from(name), packed])
    const central = [le32(0x02014b50), le16(20), common, le16(0), le16(0), le16(0), le32(0), le32(offset)]
    directory.push(Buffer.concat([...central, Buffer.from(name)]))
    bodies.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const count = le16(files.length)
  const end = [le32(0x06054b50), le16(0), le16(0), count, count, le32(listed.length), le32(offset), le16(0)]
  return Buffer.concat([...bodies, listed, ...end])
}

/** Version, flags, method, time, checksum and sizes: the same in both headers. */
const commonPart = (crc: number, packed: number, raw: number, name: number) =>
  Buffer.concat([
    ...[20, UTF8, DEFLATE, 0, DOS_EPOCH].map(le16),
    ...[crc, packed, raw].map(le32),
    ...[name, 0].map(le16),
  ])

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
