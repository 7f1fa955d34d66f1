// Checks an evidence pack without anything but Node.js (20 or newer):
//
//     node verify.mjs PACK.zip            or the folder it was unpacked to
//     node verify.mjs PACK.zip --head head.json      with a signed head that was kept outside before
//
// It believes nothing in the pack. It says in words what it checked, and names the file or the entry that does not fit.
// Exit code 0: everything fits. 1: something was changed. 2: not readable.
//
// How entries are bound: each line of events.ndjson is an entry. Its hash is SHA-256(0x00, line). The hashes are the leaves of a
// tree whose nodes are SHA-256(0x01, left, right), split at the largest power of two below the number of leaves (the shape of
// RFC 6962 and 9162). The root, with the number of leaves and the time, is signed with Ed25519: a "head".

import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

const say = (line) => console.log(line)
const sha256 = (...parts) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((p) => Buffer.from(p))))
    .digest()
const hex = (bytes) => bytes.toString('hex')
const node = (left, right) => hex(sha256([1], Buffer.from(left, 'hex'), Buffer.from(right, 'hex')))

let wrong = 0
const bad = (what) => {
  wrong++
  say(`WRONG   ${what}`)
}
const good = (what) => say(`ok      ${what}`)

// ---------------------------------------------------------------- reading a folder or a ZIP

function readFolder(folder, below = '') {
  const files = new Map()
  for (const name of readdirSync(join(folder, below))) {
    const path = below ? `${below}/${name}` : name
    if (statSync(join(folder, path)).isDirectory()) for (const [k, v] of readFolder(folder, path)) files.set(k, v)
    else files.set(path, readFileSync(join(folder, path)))
  }
  return files
}

function readZip(bytes) {
  const files = new Map()
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'))
  if (end < 0) throw new Error('this is not a ZIP')
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('the directory of the ZIP is damaged')
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)]
    const [nameLength, extra, comment] = [28, 30, 32].map((o) => bytes.readUInt16LE(at + o))
    const local = bytes.readUInt32LE(at + 42)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(start, start + packed)
    if (files.has(name)) bad(`${name}: stands twice in the ZIP`)
    try {
      files.set(name, method === 0 ? Buffer.from(body) : inflateRawSync(body))
    } catch {
      bad(`${name}: cannot be unpacked, so it was changed`)
      files.set(name, Buffer.alloc(0))
    }
    at += 46 + nameLength + extra + comment
  }
  return files
}

// ---------------------------------------------------------------- heads and proofs

const headText = (h) =>
  JSON.stringify({ key: h.key, log: 'jiebang audit v1', root: h.root, size: h.size, time: h.time })
const keyId = (publicKey) => hex(sha256(Buffer.from(publicKey, 'base64'))).slice(0, 32)

function isSigned(text, signature, key, publicKey) {
  try {
    if (keyId(publicKey) !== key) return false
    const known = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(text), known, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/** RFC 9162, 2.1.3.2: the leaf is number `index` of the tree with this root. */
function includes(leaf, index, size, path, root) {
  if (!(index >= 0 && index < size)) return false
  let [i, last, hash] = [index, size - 1, leaf]
  for (const sister of path) {
    if (last === 0) return false
    if (i % 2 === 1 || i === last) {
      hash = node(sister, hash)
      while (i % 2 === 0 && i !== 0) [i, last] = [Math.floor(i / 2), Math.floor(last / 2)]
    } else hash = node(hash, sister)
    ;[i, last] = [Math.floor(i / 2), Math.floor(last / 2)]
  }
  return last === 0 && hash === root
}

/** RFC 9162, 2.1.4.2: the tree `before` is the beginning of the tree `after`. */
function grewFrom(before, after, proof) {
  if (before.size === after.size) return before.root === after.root && proof.length === 0
  if (!(before.size > 0 && before.size < after.size)) return false
  const path = Number.isInteger(Math.log2(before.size)) ? [before.root, ...proof] : [...proof]
  let [i, last] = [before.size - 1, after.size - 1]
  while (i % 2 === 1) [i, last] = [Math.floor(i / 2), Math.floor(last / 2)]
  if (!path.length) return false
  let [old, now] = [path[0], path[0]]
  for (const sister of path.slice(1)) {
    if (last === 0) return false
    if (i % 2 === 1 || i === last) {
      ;[old, now] = [node(sister, old), node(sister, now)]
      while (i % 2 === 0 && i !== 0) [i, last] = [Math.floor(i / 2), Math.floor(last / 2)]
    } else now = node(now, sister)
    ;[i, last] = [Math.floor(i / 2), Math.floor(last / 2)]
  }
  return last === 0 && old === before.root && now === after.root
}

// ---------------------------------------------------------------- RFC 3161 time stamps

/** ASN.1 DER: tag, content and the whole of each element in a row. */
function elements(bytes) {
  const found = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1]
    const many = first < 0x80 ? 0 : first - 0x80
    if (first === undefined || first === 0x80 || many > 4) throw new Error('not DER')
    const length = many ? bytes.readUIntBE(at + 2, many) : first
    const start = at + 2 + many
    if (start + length > bytes.length) throw new Error('not DER')
    found.push({
      tag: bytes[at],
      body: bytes.subarray(start, start + length),
      whole: bytes.subarray(at, start + length),
    })
    at = start + length
  }
  return found
}
const inside = (element) => elements(element.body)
const OID = {
  contentType: '06092a864886f70d010903',
  digest: '06092a864886f70d010904',
  certificate: '060b2a864886f70d010910022f',
  tstInfo: '060b2a864886f70d0109100104',
}
const DIGESTS = { '608648016503040201': 'sha256', '608648016503040202': 'sha384', '608648016503040203': 'sha512' }

/** When the authority says it saw these bytes; throws when anything does not fit. */
function stampTime(response, text, authority) {
  const [status, token] = inside(elements(response)[0])
  if (inside(status)[0].body[0] > 1) throw new Error('refused by the authority')
  const parts = inside(inside(inside(token)[1])[0])
  const info = inside(inside(parts[2])[1])[0].body
  const [, , imprint, , time] = inside(elements(info)[0])
  if (!inside(imprint)[1].body.equals(sha256(text))) throw new Error('it stamps something else')
  const certificates = parts
    .slice(3, -1)
    .filter((p) => p.tag === 0xa0)
    .flatMap(inside)
    .map((c) => new X509Certificate(c.whole))
  const [, , digestAlgorithm, attributes, , signature] = inside(inside(parts.at(-1))[0])
  const digest = DIGESTS[hex(inside(digestAlgorithm)[0].body)]
  const values = new Map(inside(attributes).map((a) => [hex(inside(a)[0].whole), inside(inside(a)[1])[0]]))
  if (hex(values.get(OID.contentType).whole) !== OID.tstInfo) throw new Error('it is no time stamp')
  if (!values.get(OID.digest).body.equals(createHash(digest).update(info).digest()))
    throw new Error('its content was changed')
  const named = inside(inside(inside(values.get(OID.certificate))[0])[0])
  const [algorithm, certHash] =
    named[0].tag === 0x30 ? [DIGESTS[hex(inside(named[0])[0].body)], named[1].body] : ['sha256', named[0].body]
  const signer = certificates.find((c) => createHash(algorithm).update(c.raw).digest().equals(certHash))
  if (!signer) throw new Error('its certificate is missing')
  const signed = Buffer.concat([Buffer.of(0x31), attributes.whole.subarray(1)])
  if (!verify(digest, signed, signer.publicKey, signature.body)) throw new Error('its signature does not fit')
  const roots = (authority.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (p) => new X509Certificate(p),
  )
  const all = [...roots, ...certificates]
  let current = signer
  for (let step = 0; !roots.some((r) => r.fingerprint256 === current.fingerprint256); step++) {
    const above = all.find((c) => c !== current && c.ca && current.checkIssued(c) && current.verify(c.publicKey))
    if (!above || step > 5) throw new Error('its certificate leads to no root in proofs/tsa-ca.pem')
    current = above
  }
  if (!signer.keyUsage?.includes('1.3.6.1.5.5.7.3.8')) throw new Error('its certificate is not for time stamps')
  const at = time.body.toString('latin1').replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3T$4:$5:$6Z')
  if (new Date(at) < new Date(signer.validFrom) || new Date(at) > new Date(signer.validTo))
    throw new Error('its certificate had run out')
  return at
}

// ---------------------------------------------------------------- the checks, one after the other

function checkFiles(files) {
  const manifest = JSON.parse(files.get('manifest.json'))
  const seal = JSON.parse(files.get('manifest.sig.json'))
  const digest = hex(sha256(files.get('manifest.json')))
  if (isSigned(`jiebang pack v1 ${digest}`, seal.signature, seal.key, seal.publicKey))
    good(`manifest.json is signed with key ${seal.key}`)
  else bad('manifest.json: it was changed after it was signed, or the signature was')
  const expected = new Set(['manifest.json', 'manifest.sig.json'])
  for (const file of manifest.files) {
    expected.add(file.name)
    const body = files.get(file.name)
    if (!body) bad(`${file.name}: it is missing`)
    else if (hex(sha256(body)) !== file.sha256) bad(`${file.name}: it was changed`)
  }
  for (const name of files.keys()) if (!expected.has(name)) bad(`${name}: it is not in the manifest`)
  good(`${manifest.files.length} files were compared with the manifest`)
  return { manifest, seal }
}

function checkHeads(files, seal) {
  const { keys, heads, pack } = JSON.parse(files.get('proofs/heads.json'))
  const byId = new Map(keys.map((k) => [k.id, k.publicKey]))
  if (byId.get(seal.key) !== seal.publicKey) bad('manifest.sig.json: its key is not among the keys of the log')
  for (const h of heads)
    if (!isSigned(headText(h), h.signature, h.key, byId.get(h.key) ?? ''))
      bad(`proofs/heads.json: the head over ${h.size} entries is not signed by its key`)
  good(`${heads.length} heads are signed, the newest over ${pack.size} entries at ${pack.time}`)
  const proofs = JSON.parse(files.get('proofs/consistency.json'))
  for (const h of heads) {
    const proof = proofs.find((p) => p.from === h.size)?.proof
    if (!proof || !grewFrom(h, pack, proof))
      bad(`proofs/consistency.json: the log of ${h.size} entries is not the beginning of that of ${pack.size}`)
  }
  if (!heads.some((h) => h.size === pack.size && h.root === pack.root))
    bad('proofs/heads.json: the head of the pack is not among them')
  good('the log only grew from each of these heads to the newest')
  return { heads, pack, proofs }
}

function checkEvents(files, pack) {
  const lines = files.get('events.ndjson').toString('utf8').split('\n').filter(Boolean)
  const paths = new Map(JSON.parse(files.get('proofs/inclusion.json')).proofs.map((p) => [p.seq, p.path]))
  let before = 0
  for (const [n, line] of lines.entries()) {
    const where = `events.ndjson, line ${n + 1}`
    let seq
    try {
      ;({ seq } = JSON.parse(line))
    } catch {
      bad(`${where}: it cannot be read`)
      continue
    }
    if (seq <= before) bad(`${where} (entry ${seq}): it is out of order`)
    before = seq
    if (!includes(hex(sha256([0], line)), seq - 1, pack.size, paths.get(seq) ?? [], pack.root))
      bad(`${where} (entry ${seq}): it is not what stands in the log`)
    paths.delete(seq)
  }
  for (const seq of paths.keys()) bad(`events.ndjson: entry ${seq} is missing`)
  good(`${lines.length} entries are in the log under the newest head`)
}

function checkStamps(files, heads) {
  const stamps = [...files.keys()].filter((name) => name.startsWith('proofs/stamps/'))
  if (!stamps.length) return say('note    无外部时间戳: the times in this pack are those of the company alone')
  const authority = files.get('proofs/tsa-ca.pem')?.toString() ?? ''
  for (const name of stamps) {
    const head = heads.find((h) => name === `proofs/stamps/${h.size}.tsr`)
    try {
      if (!head) throw new Error('it belongs to no head')
      good(
        `${name}: stamped at ${stampTime(files.get(name), headText(head), authority)}; look at proofs/tsa-ca.pem: is that authority one you trust?`,
      )
    } catch (error) {
      bad(`${name}: ${error.message}`)
    }
  }
}

function checkOutside(file, { heads, pack, proofs }) {
  if (!file)
    return say(
      'note    no head kept outside was given (--head): whoever holds key and database could have made all of this anew',
    )
  const outside = JSON.parse(readFileSync(file, 'utf8'))
  if (!isSigned(headText(outside), outside.signature, outside.key, outside.publicKey))
    return bad(`${file}: this is not a signed head`)
  const known = heads.find((h) => h.size === outside.size)
  const proof = proofs.find((p) => p.from === outside.size)?.proof
  if (outside.size > pack.size)
    return bad(
      `${file}: the log had ${outside.size} entries, the pack knows only ${pack.size}: it was cut off, or the pack is older`,
    )
  if (!known && !proof)
    return bad(
      `${file}: the pack has no proof from the head over ${outside.size} entries, which was not exported when it was made`,
    )
  if (!grewFrom(outside, pack, proof ?? [])) return bad(`${file}: the log was rewritten before entry ${outside.size}`)
  good(`${file}: the log is the one of which this head was kept outside`)
}

const [target, ...options] = process.argv.slice(2)
const outside = options[0] === '--head' ? options[1] : null
if (!target || !existsSync(target)) {
  say('node verify.mjs PACK.zip|FOLDER [--head FILE]')
  process.exit(2)
}
try {
  const files = statSync(target).isDirectory() ? readFolder(target) : readZip(readFileSync(target))
  const { manifest, seal } = checkFiles(files)
  say(`        case ${manifest.case.number}, made ${manifest.made}`)
  const known = checkHeads(files, seal)
  checkEvents(files, known.pack)
  checkStamps(files, known.heads)
  checkOutside(outside, known)
} catch (error) {
  bad(`the pack cannot be read: ${error.message}`)
}
say(wrong ? `\nThis pack was CHANGED: ${wrong} places do not fit.` : '\nEverything fits.')
process.exit(wrong ? 1 : 0)
