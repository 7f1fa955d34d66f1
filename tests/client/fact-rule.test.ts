import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  findColleagues,
  getCustomerFacts,
  getFactRules,
  getMemberFacts,
  importFacts,
  listCustomerFacts,
  listMemberFacts,
  previewFacts,
  setFactRule,
  writeCustomerFact,
  writeMemberFact,
  type FilePreview,
} from '../../src/shared/factdoor'
import { listCorrections } from '../../src/shared/correction'
import { OK } from '../../src/shared/endpoint'
import { memberFieldNames } from '../../src/shared/fact'
import {
  approveRules,
  builtInBody,
  checkRules,
  getRules,
  proposeRules,
  saveRules,
  tryRules,
  type RulesShown,
  type RuleVersion,
} from '../../src/shared/rule'
import { answers, askedOf, close, field, open, press, Refusal, see, seen, tick, type } from '../support/workbench'

afterEach(close)

const AT = '2026-11-24T02:00:00.000Z'
const DIGEST = 'a'.repeat(64)

describe('facts', () => {
  const known = {
    member: 'm1',
    name: '陈一鸣',
    department: '华东业务部',
    fields: memberFieldNames.map((name) => ({
      field: name,
      facts:
        name === 'region'
          ? [
              { source: 'hand' as const, text: '华东、华北', at: AT, by: '周敏' },
              { source: 'wecom' as const, text: '华东', at: null, by: null },
            ]
          : name === 'language'
            ? [{ source: 'csv' as const, text: 'en、zh', at: AT, by: '周敏' }]
            : [],
    })),
  }

  test('A manager reads where each fact is from, writes one as its kind wants it, and takes a word back', async () => {
    answers(listMemberFacts, () => ({
      items: [{ id: 'm1', name: '陈一鸣', department: '华东业务部', known: 2 }],
      next: null,
    }))
    answers(getMemberFacts, () => known)
    answers(writeMemberFact, () => OK)
    await open('/facts', ['rep', 'manager'])
    await press(/^陈一鸣/)
    await see('人工填写 · 周敏')
    await see('另有来自企业微信：华东，以上面的为准')
    await see('英语、中文')
    await press('填写语言')
    await tick('日语')
    await press('保存')
    await press('填写服务表现')
    await type('服务表现', '很好')
    await press('保存')
    await see('看不懂，请按提示填写')
    await type('服务表现', '88.5')
    await press('保存')
    await press('填写地区')
    await press('去掉人工填写的内容')
    await vi.waitFor(() =>
      expect(askedOf(writeMemberFact).map((a) => [a.field, a.text])).toEqual([
        ['language', 'en、zh、ja'],
        ['performance', '88.5'],
        ['region', null],
      ]),
    )
  })

  test('Colleagues who could not be searched are not answered with those of the search before', async () => {
    answers(listCorrections, () => ({ items: [], next: null }))
    answers(listMemberFacts, ({ name }) =>
      name
        ? new Refusal('busy', '系统正忙。')
        : { items: [{ id: 'm1', name: '陈一鸣', department: '华东业务部', known: 2 }], next: null },
    )
    await open('/facts')
    await see('陈一鸣')
    await type('按姓名查找', '王')
    await see('系统正忙。')
    expect(seen()).not.toContain('陈一鸣')
  })

  test('Of a customer what the stage does not open is said to be there, and a colleague is chosen by name', async () => {
    const noted = { source: 'csv' as const, at: AT, by: '周敏' }
    answers(getCustomerFacts, () => ({
      ...{ customer: 'c1', shortName: '王*', region: '华东', industry: null, tier: 'A' },
      noted: [
        { field: 'region' as const, ...noted },
        { field: 'tier' as const, ...noted },
        { field: 'times' as const, ...noted },
      ],
      ...{ language: null, times: null, contact: null, entity: null, wants: null, relatives: null, unscored: null },
    }))
    answers(findColleagues, () => ({ items: [{ id: 'm2', userid: 'sunting', name: '孙婷', department: null }] }))
    answers(writeCustomerFact, () => OK)
    await open('/facts/customers/c1', ['rep', 'manager'])
    await see('有记录，告知客户之后可见')
    await press('填写客户指定的同事')
    await press('保存')
    await see('请填写或选择')
    await type('按姓名查找同事', '孙')
    await press(/^孙婷/)
    await press('保存')
    await vi.waitFor(() => expect(askedOf(writeCustomerFact)).toMatchObject([{ field: 'wants', text: 'sunting' }]))
  })

  const preview: FilePreview = {
    ...{ refused: null, digest: DIGEST, lines: 3, ready: 2, ignored: ['爱好'], wrong: 1 },
    columns: [{ field: 'region', added: 1, changed: 1, same: 0, behind: 1 }],
    errors: [{ line: 4, column: '地区', problem: 'formula' }],
  }

  test('A file is seen line by line before anything is kept, and what was changed must be seen again', async () => {
    answers(listMemberFacts, () => ({ items: [], next: null }))
    answers(previewFacts, () => preview)
    answers(importFacts, () => ({ rows: 2, written: 2 }))
    await open('/facts', ['rep', 'hr'])
    await press('导入文件')
    await see('账号,地区,行业')
    expect(seen()).not.toContain('external_userid')
    await type('或直接粘贴', '账号,地区\na,华东\nb,华南\nc,=1')
    await press('预览')
    await see('共 3 行，可以保存 2 行，有问题 1 处')
    await see('地区：以 = + - @ 开头，像公式，不能导入')
    await see('不认识、不会导入的列：爱好')
    await type('或直接粘贴', '账号,地区\na,华东\nb,华南')
    expect(seen()).not.toContain('共 3 行')
    await press('预览')
    await press('保存 2 行')
    await vi.waitFor(() =>
      expect(askedOf(importFacts)).toMatchObject([
        { about: 'members', digest: DIGEST, text: '账号,地区\na,华东\nb,华南' },
      ]),
    )
  })

  test('A file with a column that must decide nothing is refused by that column’s name', async () => {
    answers(listMemberFacts, () => ({ items: [], next: null }))
    const none = { digest: DIGEST, lines: 0, ready: 0, columns: [], ignored: [], errors: [], wrong: 0 }
    answers(previewFacts, () => ({ ...none, refused: { problem: 'banned' as const, at: '年龄', ban: 'age' as const } }))
    await open('/facts', ['rep', 'hr'])
    await press('导入文件')
    await type('或直接粘贴', '账号,年龄\na,30')
    await press('预览')
    await see('“年龄”这一列不能用于分配（年龄），整个文件没有导入')
    expect(seen()).not.toContain('保存 0 行')
  })

  test('An administrator says what a department means, and everybody who allocates can read it', async () => {
    const rules = {
      rules: [
        {
          ...{ kind: 'tag_group' as const, key: '地区', name: '地区', field: 'region' as const, value: null },
          ...{ reach: 12, by: '马超', at: AT },
        },
      ],
      departments: [{ id: '2', name: '华东业务部' }],
      tags: [{ id: 't1', group: '等级', name: 'A 重点' }],
      proxies: ['毕业年份'],
    }
    answers(getFactRules, () => rules)
    answers(setFactRule, () => OK)
    await open('/facts', ['rep', 'admin'])
    await see('地区 的每个标签名就是地区')
    await see('涉及 12 位客户')
    await see('毕业年份')
    await press('添加说明')
    await tick('华东业务部')
    await tick('地区')
    await type('值', '华东')
    await press('保存')
    await vi.waitFor(() =>
      expect(askedOf(setFactRule)).toEqual([{ kind: 'department', key: '2', field: 'region', value: '华东' }]),
    )
  })

  test('Customers are listed with what may be said of them at every stage', async () => {
    answers(listMemberFacts, () => ({ items: [], next: null }))
    answers(listCustomerFacts, () => ({
      items: [{ customer: 'c1', shortName: '王*', region: '华东', industry: '建材', known: 3 }],
      next: null,
    }))
    await open('/facts', ['rep', 'manager'])
    await see('没有符合的成员')
    await press('客户')
    await see('华东 · 建材 · 已知 3 项')
  })
})

describe('rules', () => {
  const policy = { name: '办法 8', text: '由两人审核' }
  const builtIn: RuleVersion = {
    ...{ version: 0, body: builtInBody, digest: DIGEST, since: null, reason: null, by: null, approvedBy: null },
  }
  const shown: RulesShown = {
    ...{ used: builtIn, versions: [builtIn], draft: null, problems: [], assessment: null, people: [] },
    assessmentsWaiting: [],
  }
  const draft = {
    ...{ state: 'draft' as const, digest: DIGEST, reason: null, by: '周敏', at: AT, mine: true, rejected: null },
    body: { ...builtInBody, policy, cap: 20 },
  }

  test('Rules are read in plain words; a weight that is moved takes from the others, so that they stay 100 %', async () => {
    answers(getRules, () => shown)
    answers(checkRules, () => ({ problems: [{ name: 'policy' as const, of: '' }] }))
    answers(saveRules, () => ({ digest: DIGEST, problems: [] }))
    await open('/rules', ['rep', 'manager'])
    await see('内置规则（公司还没有批准自己的规则）')
    await see('没有人全部符合时，依次：只看地区、再只看行业。')
    await see('客户的偏好 30%')
    await press('修改规则')
    const slider = field('客户的偏好')
    slider.value = '44'
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await see('44%')
    const sum = [...document.querySelectorAll('output')].reduce((n, one) => n + parseInt(one.textContent ?? '', 10), 0)
    expect(sum).toBe(100)
    await see('没有写明公司的依据（名称和条文）')
    await type('每人一次最多接几位', '零')
    await see('请填 1 到 20000 的整数，或不填')
    await type('每人一次最多接几位', '20')
    await type('名称或编号', policy.name)
    await see('每人一次最多接 20 位。')
    await press('保存草稿')
    await vi.waitFor(() =>
      expect(askedOf(saveRules)).toMatchObject([
        { on: DIGEST, body: { cap: 20, topTierCap: null, policy: { name: '办法 8' }, weights: { preference: 44 } } },
      ]),
    )
  })

  test('A draft shows what it changes and what it would have done, and is submitted with a reason', async () => {
    answers(getRules, () => ({ ...shown, draft }))
    const before = { given: 60, nobody: 0, colleagues: 3, most: 30 }
    answers(tryRules, () => ({
      departures: [
        {
          ...{ departure: 'd1', leaver: '徐蔚', customers: 60, elsewhere: 11 },
          ...{ before, after: { ...before, nobody: 2, most: 20 } },
        },
      ],
      colleagues: [{ id: 'm1', name: '孙婷', before: 30, after: 20 }],
    }))
    answers(proposeRules, () => OK)
    await open('/rules', ['rep', 'manager'])
    await see('周敏 在')
    await see('每人一次最多接 20 位。')
    await press('看看上几次离职会怎样')
    await see('徐蔚')
    await see('30 → 20')
    await see('0 → 2')
    await press('提交批准')
    await see('请写明理由')
    await type('为什么这样改', '均衡')
    await press('提交批准')
    await vi.waitFor(() => expect(askedOf(proposeRules)).toEqual([{ digest: DIGEST, reason: '均衡' }]))
  })

  test('Who wrote in it waits, and a second person approves exactly what they see', async () => {
    const proposed = { ...draft, state: 'proposed' as const, reason: '均衡' }
    answers(getRules, () => ({ ...shown, draft: proposed }))
    await open('/rules', ['rep', 'manager'])
    await see('等另一位管理者或合规人员批准')
    expect(seen()).not.toContain('批准，成为第 1 版')
    close()
    answers(getRules, () => ({ ...shown, draft: { ...proposed, mine: false } }))
    answers(approveRules, () => ({ version: 1 }))
    await open('/rules', ['rep', 'compliance'])
    await see('等您批准的规则')
    await press('批准，成为第 1 版')
    await vi.waitFor(() => expect(askedOf(approveRules)).toEqual([{ digest: DIGEST }]))
  })
})
