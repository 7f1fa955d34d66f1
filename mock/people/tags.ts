import type { CastTagGroup } from '../wecom/cast'
import { wecomId } from './chance'

const names: [group: string, tags: string[]][] = [
  [
    '地区',
    [
      '上海',
      '苏州',
      '杭州',
      '宁波',
      '南京',
      '无锡',
      '合肥',
      '深圳',
      '广州',
      '东莞',
      '佛山',
      '厦门',
      '北京',
      '成都',
      '武汉',
    ],
  ],
  [
    '行业',
    [
      '建材',
      '机械加工',
      '电子元件',
      '食品饮料',
      '纺织服装',
      '物流仓储',
      '医药器械',
      '教育培训',
      '软件服务',
      '餐饮连锁',
    ],
  ],
  ['等级', ['A 重点', 'B 常规', 'C 培育']],
  ['来源', ['展会', '老客户介绍', '官网咨询', '电话拜访', '公众号', '同行引荐']],
]

/** The corp's own tags (企业标签). `now` in seconds. */
export const tagGroups = (now: number): CastTagGroup[] =>
  names.map(([groupName, tags], g) => ({
    groupId: wecomId('et', 1000 + g),
    groupName,
    createTime: now - (900 - g) * 86400,
    tags: tags.map((name, t) => ({ id: tagId(g, t), name })),
  }))

const tagId = (group: number, tag: number): string => wecomId('et', group * 100 + tag)

/** By name; the names above are unique across groups. */
export function tagByName(name: string): string {
  const group = names.findIndex(([, tags]) => tags.includes(name))
  if (group < 0) throw new Error(`no such tag: ${name}`)
  return tagId(group, names[group]?.[1].indexOf(name) ?? 0)
}

export const cities: Record<'east' | 'south' | 'any', string[]> = {
  east: ['上海', '苏州', '杭州', '宁波', '南京', '无锡', '合肥'],
  south: ['深圳', '广州', '东莞', '佛山', '厦门'],
  any: ['北京', '成都', '武汉', '上海', '深圳', '杭州'],
}
export const industries = names[1]?.[1] ?? []
export const levels = names[2]?.[1] ?? []
export const sources = names[3]?.[1] ?? []
