import { describe, expect, it } from 'vitest'
import { DEMO, sampleCorp, STORY, STRANGERS } from '../../mock/people'

const NOW = Date.UTC(2026, 10, 24, 1)
const corp = () =>
  sampleCorp({ now: NOW, publicHost: 'localhost:3102', callbackUrls: { app: 'http://a', contacts: 'http://c' } })
const cast = corp()
const of = (userid: string) => cast.relations.filter((r) => r.userid === userid)

describe('the sample corp', () => {
  it('is the same every time', () => {
    expect(corp()).toEqual(cast)
  })

  it('has 400 different customers, each followed, some by two, and four whom nobody knows yet', () => {
    const ids = new Set(cast.customers.map((c) => c.externalUserid))
    expect(ids.size).toBe(404)
    const known = new Set(cast.relations.map((r) => r.externalUserid))
    expect(known.size).toBe(400)
    expect([...ids].filter((id) => !known.has(id))).toEqual(STRANGERS)
    expect(cast.relations.length).toBeGreaterThan(410)
    expect(new Set(cast.customers.map((c) => c.type))).toEqual(new Set([1, 2]))
  })

  it('keeps within what WeCom stores (facts 3.4): remark 20, company 20, description 150 characters', () => {
    for (const r of cast.relations) {
      expect(r.remark.length).toBeLessThanOrEqual(20)
      expect((r.remarkCorpName ?? '').length).toBeLessThanOrEqual(20)
      expect(r.description.length).toBeLessThanOrEqual(150)
      expect(r.createtime * 1000).toBeLessThan(NOW - 12 * 86_400_000)
    }
    for (const key of [DEMO.appAesKey, DEMO.contactsAesKey]) expect(key).toMatch(/^[A-Za-z0-9]{43}$/)
  })

  it('names only people, tags and customers that exist', () => {
    const userids = new Set(cast.members.map((m) => m.userid))
    const tags = new Set(cast.tagGroups.flatMap((g) => g.tags.map((t) => t.id)))
    const customers = new Set(cast.customers.map((c) => c.externalUserid))
    expect(tags.size).toBe(cast.tagGroups.reduce((n, g) => n + g.tags.length, 0))
    for (const r of cast.relations) {
      expect(userids).toContain(r.userid)
      for (const tag of r.tagIds) expect(tags).toContain(tag)
    }
    for (const g of cast.groups)
      for (const m of g.members) expect(m.type === 1 ? userids : customers).toContain(m.userid)
    for (const line of cast.chats) expect(customers).toContain(line.externalUserid)
    for (const who of Object.values(STORY)) expect(who === STORY.customer ? customers : userids).toContain(who)
  })

  it('tells the story: 林晓 with 60 customers and promises, 唐军 long gone, 余蕾 with groups only', () => {
    expect(of('linxiao')).toHaveLength(60)
    const promising = of('linxiao').filter((r) => /^承诺/m.test(r.description)).length
    expect(promising).toBeGreaterThanOrEqual(18)
    expect(promising).toBeLessThanOrEqual(30)
    const alone = of('tangjun').filter(
      (r) => !cast.relations.some((o) => o.externalUserid === r.externalUserid && o.userid !== 'tangjun'),
    )
    expect(alone).toHaveLength(14)
    expect(cast.resigned).toEqual([{ userid: 'tangjun', dimissionTime: NOW / 1000 - 340 * 86_400 }])
    expect(of('yulei')).toHaveLength(0)
    expect(cast.groups.filter((g) => g.owner === 'yulei')).toHaveLength(3)
    const wanglei = cast.relations.find((r) => r.externalUserid === STORY.customer)
    expect(wanglei).toMatchObject({ userid: 'linxiao', remark: '王磊 宏远建材' })
    expect(wanglei?.description).toContain('承诺 2026-11-27 补发报价单')
    expect(wanglei?.description).toContain('承诺 2026-11-22')
  })

  it('has somebody for each refusal of WeCom: no 客户联系, not verified, nearly full', () => {
    expect(cast.members.some((m) => !m.followsCustomers)).toBe(true)
    expect(cast.members.some((m) => m.followsCustomers && !m.realName)).toBe(true)
    expect(cast.members.some((m) => m.customerLimit - of(m.userid).length === 1)).toBe(true)
  })
})
