import * as z from 'zod'
import { signer } from './head'
import { certificatesOf } from './tsp'
import { trimTail } from './trim'

const list = z
  .string()
  .default('')
  .transform((s) =>
    s
      .split(',')
      .map((part) => part.trim().toLowerCase())
      .filter(Boolean),
  )
const url = z.url({ protocol: /^https?$/ }).transform((u) => trimTail(u, /\//))
const mailUrl = (scheme: 'imap' | 'smtp') =>
  z.string().refine((s) => succeeds(() => new RegExp(`^${scheme}s?://[^/]+/?$`).test(s) && new URL(s).hostname), {
    error: `must be ${scheme}s://user:password@host:port or ${scheme}://…`,
  })
const perMinute = (usual: number) => z.coerce.number().int().min(1).max(1_000_000).default(usual)
const hours = (otherwise: number) => z.coerce.number().min(0.25).max(24).default(otherwise)
const aesKey = z.string().regex(/^[A-Za-z0-9]{43}$/, 'must be 43 letters or digits')

const count = (usual: number, most = 100_000) => z.coerce.number().int().min(1).max(most).default(usual)
const day = z.iso.date().optional()
const ed25519 = z.string().refine((key) => succeeds(() => signer(key)), 'must be an Ed25519 private key (PKCS #8)')
const certificates = z.string().refine((pem) => succeeds(() => certificatesOf(pem)[0]?.raw), 'must be PEM certificates')

function succeeds(read: () => unknown): boolean {
  try {
    return Boolean(read())
  } catch {
    return false
  }
}

/** Every setting, from the environment; `docs/settings.md` prints this table. Secrets have no default. */
export const settings = z.object({
  ROLE: z
    .enum(['all', 'web', 'worker'])
    .default('all')
    .describe('web answers requests, worker runs the background jobs, all does both; web and worker need DATABASE_URL'),
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe('port to listen on'),
  OPS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe('port of /healthz, /readyz and /metrics, never to be reached by the public; without it there are none'),
  OPS_HOST: z.string().default('127.0.0.1').describe('address of that port'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('how many proxies of your own stand before this server and add to X-Forwarded-For; exactly'),
  LIMIT_MEMBER: perMinute(300).describe('requests a minute of one member, per process'),
  LIMIT_LISTS: perMinute(90).describe('pages of lists a minute of one member, per process'),
  LIMIT_STRANGER: perMinute(3000).describe('requests a minute without a login from one address, per process'),
  LIMIT_GUESSES: perMinute(20).describe('links that lead nowhere, a minute from one address, per process'),
  PUBLIC_URL: url.describe('where members and customers reach this server; its host is the trusted domain (可信域名)'),
  DATABASE_URL: z.string().optional().describe('PostgreSQL; without it an embedded one runs in DATA_DIR'),
  DATABASE_OWNER_URL: z
    .string()
    .optional()
    .describe(
      'the same database as its owner, only for migrating; DATABASE_URL is then a role that cannot change the log',
    ),
  DATA_DIR: z.string().default('.data').describe('folder of the embedded database'),
  SECRET: z.string().min(32).describe('signs login state; at least 32 characters'),
  AUDIT_KEY: ed25519
    .optional()
    .describe(
      'Ed25519 private key (PKCS #8: PEM, or base64 of its DER) that signs the heads of the audit log; without it one is made and kept sealed under SECRET',
    ),
  TSA_URL: url.optional().describe('RFC 3161 time-stamp authority for the heads; needs TSA_CA'),
  TSA_CA: certificates.optional().describe('PEM of the roots that authority is believed by'),
  SESSION_IDLE_HOURS: hours(8).describe('a login ends after so many hours without use; 0.25 to 24'),
  SESSION_HOURS: hours(24).describe('a login ends after so many hours in any case; 0.25 to 24'),
  SESSION_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('logins a member may have; the oldest ends'),
  FRAME_ANCESTORS: z
    .enum(["'none'", "'self'"])
    .default("'none'")
    .describe("CSP frame-ancestors; 'self' only beside the simulator"),
  WECOM_API_URL: url.default('https://qyapi.weixin.qq.com').describe('WeCom server API'),
  WECOM_AUTHORIZE_URL: url
    .default('https://open.weixin.qq.com/connect/oauth2/authorize')
    .describe('OAuth authorize page'),
  WECOM_CORP_ID: z.string().min(1).describe('企业 ID'),
  WECOM_AGENT_ID: z.string().min(1).describe('AgentId of the self-built app'),
  WECOM_APP_SECRET: z.string().min(1).describe('Secret of the self-built app'),
  WECOM_APP_TOKEN: z.string().min(1).describe('接收消息 Token of the app'),
  WECOM_APP_AES_KEY: aesKey.describe('接收消息 EncodingAESKey of the app'),
  WECOM_CONTACTS_TOKEN: z.string().optional().describe('通讯录同步 callback Token'),
  WECOM_CONTACTS_AES_KEY: aesKey.optional().describe('通讯录同步 callback EncodingAESKey'),
  WECOM_VERIFY_FILE: z
    .string()
    .regex(/^WW_verify_[A-Za-z0-9]+$/)
    .optional()
    .describe('name of the domain check file, without .txt'),
  COMPANY_NAME: z.string().min(1).describe('short name, in messages and on the customer page'),
  COMPANY_FULL_NAME: z.string().min(1).describe('registered name (N1)'),
  COMPANY_ADDRESS: z.string().min(1).describe('registered address'),
  HOTLINE: z.string().min(3).describe('service phone, in messages and on the customer page'),
  PRIVACY_CONTACT: z.string().min(1).describe('contact person for personal information'),
  PRIVACY_MAIL: z.email().describe('mail of that person'),
  COMPLAINT_DEPARTMENT: z.string().min(1).describe('who handles complaints'),
  MAIL_ADDRESS: z
    .email()
    .optional()
    .describe('address of the complaints’ mail box, published to customers; needs MAIL_IMAP_URL and MAIL_SMTP_URL'),
  MAIL_IMAP_URL: mailUrl('imap')
    .optional()
    .describe('where its mail is read: imaps://user:password@host:993, or imap:// with STARTTLS'),
  MAIL_SMTP_URL: mailUrl('smtp')
    .optional()
    .describe('where mail is sent: smtps://user:password@host:465, or smtp:// with STARTTLS'),
  ALTERNATIVE_CHANNEL: z.string().min(1).describe('how a customer is served who does not want WeCom'),
  RETENTION: z.string().min(1).describe('how long, and then what, in words of the customer page'),
  REVEALS_A_DAY: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(30)
    .describe('masked values a member may see in full on one day of Beijing'),
  MANAGERS: list.describe('userids who manage all departments (leaders manage their own)'),
  COMPLIANCE: list.describe('userids of compliance'),
  ADMINS: list.describe('userids of administrators; stopping a member takes two'),
  LEAVING_PAGE: count(20, 100).describe('longest page of a list for a member whose leaving is announced'),
  LEAVING_OPENS_A_DAY: count(30).describe('customers such a member may open in full on one day'),
  STAFF_CONSULTED_ON: day.describe(
    'when the rules for staff on logging were consulted on with staff; without it, no signals',
  ),
  STAFF_PUBLISHED_ON: day.describe('when those rules were published; without it, no signals'),
  SIGNAL_BULK: count(50).describe('more customers opened within an hour are a question to compliance'),
  SIGNAL_SEQUENCE: count(20).describe('so many customers opened one after the other in the order of the list are, too'),
  SIGNAL_NIGHT: count(10).describe('so many customers opened between 22:00 and 06:00'),
  SIGNAL_DELETIONS: count(10).describe('so many contacts deleted by the member in the 30 days before leaving'),
  SIGNAL_LAST_DAYS: count(20).describe('so many customers opened in the seven days before leaving'),
})

/** Which setting makes somebody what. */
export const roleSettings = { MANAGERS: 'manager', COMPLIANCE: 'compliance', ADMINS: 'admin' } as const
export const roleSettingNames = ['MANAGERS', 'COMPLIANCE', 'ADMINS'] as const

export type Config = z.output<typeof settings>

/** Throws one sentence that names every wrong or missing variable. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  if (parsed.success) return together(parsed.data)
  const wrong = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return given[name] === undefined ? `${name} is missing` : `${name} ${issue.message.toLowerCase()}`
  })
  throw new Error(`Settings: ${wrong.join('; ')}. See docs/settings.md.`)
}

/** What each setting alone cannot say. */
function together(config: Config): Config {
  if (config.ROLE !== 'all' && !config.DATABASE_URL)
    throw new Error(
      `Settings: ROLE=${config.ROLE} needs DATABASE_URL, because the embedded database belongs to one process. See docs/deploy.md.`,
    )
  if (config.TSA_URL && !config.TSA_CA)
    throw new Error('Settings: TSA_URL needs TSA_CA, because a stamp of an authority nobody knows proves nothing.')
  const mail = [config.MAIL_ADDRESS, config.MAIL_IMAP_URL, config.MAIL_SMTP_URL]
  if (mail.some(Boolean) && !mail.every(Boolean))
    throw new Error('Settings: MAIL_ADDRESS, MAIL_IMAP_URL and MAIL_SMTP_URL belong together.')
  return config
}
