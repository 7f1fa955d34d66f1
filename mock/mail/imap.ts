import { createServer, type Server, type Socket } from 'node:net'

/** One mail as it lies in a box. */
export interface Kept {
  uid: number
  at: Date
  raw: Buffer
}
/** A mail box: `validity` changes when it was made anew, and with it every number in it loses its meaning. */
export interface Box {
  password: string
  validity: number
  mails: Kept[]
}

/**
 * As much of IMAP4rev1 (RFC 3501) as a client needs that reads a mail box: LOGIN, LIST, SELECT, EXAMINE, UID FETCH, LOGOUT.
 * Whatever else is asked is answered BAD, loudly, instead of guessed at.
 */
export function createImap(boxes: ReadonlyMap<string, Box>): Server {
  return createServer((socket) => talk(socket, boxes))
}

function talk(socket: Socket, boxes: ReadonlyMap<string, Box>): void {
  let heard = ''
  let box: Box | null = null
  const say = (line: string) => socket.write(`${line}\r\n`)
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  say('* OK [CAPABILITY IMAP4rev1] ready')
  socket.on('data', (chunk: string) => {
    heard += chunk
    for (let end = heard.indexOf('\r\n'); end >= 0; end = heard.indexOf('\r\n')) {
      const line = heard.slice(0, end)
      heard = heard.slice(end + 2)
      answer(line)
    }
  })

  function answer(line: string): void {
    const [, tag = '*', command = '', rest = ''] = /^(\S+) (UID \S+|\S+) ?(.*)$/i.exec(line) ?? []
    switch (command.toUpperCase()) {
      case 'CAPABILITY':
        say('* CAPABILITY IMAP4rev1')
        return void say(`${tag} OK`)
      case 'NOOP':
      case 'CLOSE':
        return void say(`${tag} OK`)
      case 'LOGIN':
        return login(tag, rest)
      case 'LIST':
      case 'LSUB':
        say(`* ${command.toUpperCase()} () "/" "INBOX"`)
        return void say(`${tag} OK`)
      case 'SELECT':
      case 'EXAMINE':
        return select(tag)
      case 'UID FETCH':
        return fetch(tag, rest)
      case 'LOGOUT':
        say('* BYE')
        say(`${tag} OK`)
        return void socket.end()
      default:
        return void say(`${tag} BAD not spoken here: ${command}`)
    }
  }

  function login(tag: string, rest: string): void {
    const [user = '', password = ''] = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((m) =>
      (m[1] ?? m[2] ?? '').replace(/\\(.)/g, '$1'),
    )
    const found = boxes.get(user.toLowerCase())
    box = found?.password === password ? found : null
    say(box ? `${tag} OK` : `${tag} NO [AUTHENTICATIONFAILED] wrong`)
  }

  function select(tag: string): void {
    if (!box) return void say(`${tag} NO not signed in`)
    say('* FLAGS (\\Seen)')
    say(`* ${box.mails.length} EXISTS`)
    say('* 0 RECENT')
    say(`* OK [UIDVALIDITY ${box.validity}]`)
    say(`* OK [UIDNEXT ${(box.mails.at(-1)?.uid ?? 0) + 1}]`)
    say(`${tag} OK [READ-ONLY]`)
  }

  function fetch(tag: string, rest: string): void {
    if (!box) return void say(`${tag} NO not signed in`)
    const [set = '', ...asked] = rest.split(' ')
    const items = asked.join(' ').toUpperCase()
    for (const mail of inSet(box.mails, set)) {
      const parts = [`UID ${mail.uid}`]
      if (items.includes('FLAGS')) parts.push('FLAGS ()')
      if (items.includes('RFC822.SIZE')) parts.push(`RFC822.SIZE ${mail.raw.length}`)
      if (items.includes('INTERNALDATE')) parts.push(`INTERNALDATE "${internal(mail.at)}"`)
      const body = items.includes('HEADER') ? headersOf(mail.raw) : items.includes('BODY') ? mail.raw : null
      const name = items.includes('HEADER') ? 'BODY[HEADER]' : 'BODY[]'
      socket.write(`* ${box.mails.indexOf(mail) + 1} FETCH (${parts.join(' ')}`)
      if (body) {
        socket.write(` ${name} {${body.length}}\r\n`)
        socket.write(body)
      }
      say(')')
    }
    say(`${tag} OK`)
  }
}

const headersOf = (raw: Buffer): Buffer => {
  const end = raw.indexOf('\r\n\r\n')
  return end < 0 ? raw : raw.subarray(0, end + 4)
}

/** `4`, `4:7`, `4:*`; the last mail is in `n:*` even where its number is smaller (RFC 3501, 6.4.8). */
function inSet(mails: readonly Kept[], set: string): Kept[] {
  const last = mails.at(-1)?.uid ?? 0
  return mails.filter(({ uid }) =>
    set.split(',').some((range) => {
      const [from, to] = range.split(':').map((n) => (n === '*' ? last : Number(n)))
      const [low, high] = to === undefined ? [from!, from!] : [Math.min(from!, to), Math.max(from!, to)]
      return uid >= low && uid <= high
    }),
  )
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
function internal(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${two(at.getUTCDate())}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()}`
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}
