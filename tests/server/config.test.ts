import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { readConfig, settings } from '../../src/server/lib/config'

const good = {
  PUBLIC_URL: 'https://crm.example.cn/',
  SECRET: 's'.repeat(32),
  WECOM_CORP_ID: 'ww1',
  WECOM_AGENT_ID: '1000002',
  WECOM_APP_SECRET: 'x',
  WECOM_APP_TOKEN: 't',
  WECOM_APP_AES_KEY: 'a'.repeat(43),
  COMPANY_NAME: '宏远',
  COMPANY_FULL_NAME: '宏远服务有限公司',
  COMPANY_ADDRESS: '上海',
  HOTLINE: '400-000-0000',
  PRIVACY_CONTACT: '沈岚',
  PRIVACY_MAIL: 'p@example.cn',
  COMPLAINT_DEPARTMENT: '办公室',
  ALTERNATIVE_CHANNEL: '热线',
  RETENTION: '三年',
}

describe('the settings', () => {
  it('are read from the environment, an empty variable being no variable', () => {
    const config = readConfig({ ...good, MANAGERS: 'ZhouMin, hezhiyuan', DATABASE_URL: '' })
    expect(config).toMatchObject({
      PUBLIC_URL: 'https://crm.example.cn',
      PORT: 3000,
      MANAGERS: ['zhoumin', 'hezhiyuan'],
      COMPLIANCE: [],
    })
    expect(config.DATABASE_URL).toBeUndefined()
  })

  it('that are missing or wrong are all named in one sentence, without their values', () => {
    const read = () => readConfig({ ...good, SECRET: 'short', HOTLINE: undefined, WECOM_APP_AES_KEY: 'key' })
    expect(read).toThrow(
      /^Settings: SECRET .*; WECOM_APP_AES_KEY must be 43 letters or digits; HOTLINE is missing\. See docs\/settings\.md\.$/,
    )
    expect(read).not.toThrow('short')
  })

  it('let one of several processes start only beside a database for all', () => {
    expect(() => readConfig({ ...good, ROLE: 'web' })).toThrow(
      'Settings: ROLE=web needs DATABASE_URL, because the embedded database belongs to one process. See docs/deploy.md.',
    )
    expect(readConfig({ ...good, ROLE: 'worker', DATABASE_URL: 'postgres://db/jiebang' }).ROLE).toBe('worker')
    expect(readConfig(good).ROLE).toBe('all')
  })

  it('turn no rule off: none can skip approval, notice, gate, log or wait (invariant 11)', () => {
    const addresses =
      /^(ROLE|HOST|PORT|PUBLIC_URL|DATABASE_URL|DATABASE_OWNER_URL|TSA_URL|DATA_DIR|SECRET|WECOM_.*|COMPANY_.*|HOTLINE|PRIVACY_.*|MAIL_.*|FRAME_ANCESTORS|OPS_.*|SESSION_.*|TRUSTED_PROXIES)$/
    // Whoever sets them high turns off no rule: what must hold exactly stands in the database.
    const floods = /^LIMIT_/
    const words = /^(COMPLAINT_DEPARTMENT|ALTERNATIVE_CHANNEL|RETENTION)$/
    const keys = /^(AUDIT_KEY|TSA_CA)$/
    // How much is much; none of them can be set so that nothing is asked, but for staff who were not consulted (T-74).
    const measures = /^(REVEALS_A_DAY|LEAVING_.*|SIGNAL_.*|STAFF_.*)$/
    const people = /^(MANAGERS|COMPLIANCE|ADMINS)$/
    const others = Object.keys(settings.shape).filter(
      (name) => ![addresses, words, keys, people, floods, measures].some((kind) => kind.test(name)),
    )
    expect(others).toEqual([])
    expect(Object.values(settings.shape).filter((field: z.ZodType) => field.safeParse('true').data === true)).toEqual(
      [],
    )
  })

  it('bound how long a login lives: neither for ever nor for nothing (7.3)', () => {
    for (const wrong of [
      { SESSION_HOURS: '25' },
      { SESSION_IDLE_HOURS: '0' },
      { SESSION_IDLE_HOURS: 'never' },
      { SESSION_LIMIT: '0' },
    ])
      expect(() => readConfig({ ...good, ...wrong })).toThrow(Object.keys(wrong)[0])
    expect(readConfig(good)).toMatchObject({ SESSION_IDLE_HOURS: 8, SESSION_HOURS: 24, SESSION_LIMIT: 5 })
  })

  it('are all documented (docs/settings.md; `npx vitest run tests/server/config.test.ts -u` writes it)', async () => {
    const rows = Object.entries(settings.shape).map(([name, field]) => {
      const schema: z.ZodType = field
      const without = schema.safeParse(undefined)
      const otherwise = !without.success
        ? '**required**'
        : without.data === undefined
          ? 'none'
          : `\`${(without.data as string | number | string[]).toString()}\``
      return `| \`${name}\` | ${otherwise === '``' ? 'empty' : otherwise} | ${schema.description ?? ''} |`
    })
    const page = [
      '# Settings',
      '',
      'All from the environment. Secrets have no default.',
      '',
      '| Name | Default | What |',
      '|---|---|---|',
      ...rows,
      '',
    ]
    await expect(page.join('\n')).toMatchFileSnapshot('../../docs/settings.md')
  })
})
