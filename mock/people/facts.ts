import { wecomId } from './chance'
import { cities } from './tags'

/** What this company knows of its people beside WeCom, as its own lists would have it: for the allocation of customers. */

/** Which part of the country a tag of the group 地区 lies in. */
const elsewhere: Record<string, string> = { 北京: '华北', 成都: '西南', 武汉: '华中' }
export const regionOf = (city: string): string | undefined =>
  cities.east.includes(city) ? '华东' : cities.south.includes(city) ? '华南' : elsewhere[city]

export const departmentRegions: [id: number, region: string][] = [
  [2, '华东'],
  [3, '华南'],
]

export const memberFile = [
  '账号,姓名,地区,行业,语言,方便时间,联系方式,上限,入职日期,贡献度,服务表现,案例数,培训有效期,未成年人',
  'chenyiming,陈一鸣,,建材、机械加工、电子元件,中文、英语,上午、下午,企业微信、电话,90,2022-03-14,72,86,120,2027-06-30,否',
  'sunting,孙婷,,食品饮料、纺织服装、餐饮连锁,中文,下午、晚上,企业微信、上门,90,2024-08-01,65,91,80,2027-06-30,是',
  'gaojie,高洁,,物流仓储、医药器械、软件服务,中文、日语,上午、中午,企业微信、视频,80,2020-05-06,58,74,64,2027-03-31,否',
  'hezhiyuan,何志远,华南、华东,建材、电子元件、软件服务,中文、粤语,上午,电话、上门,30,2016-07-01,88,82,45,2027-06-30,否',
  'suqi,苏琪,华东、华南,教育培训、软件服务、餐饮连锁,中文、英语,上午、下午、晚上,企业微信、视频,60,2019-09-10,79,88,150,2027-06-30,是',
  'tanlei,谭磊,华东、华南,机械加工、物流仓储,中文,下午,企业微信、电话,50,2023-02-20,51,69,58,2027-06-30,否',
  'ouyangqian,欧阳倩,华东、华北,教育培训、医药器械,中文,上午、周末,企业微信,70,2025-04-15,,77,12,2026-05-31,是',
].join('\n')

/** What some customers have said. How much they are worth is left out: with it a plan takes two approvers, and there is one. */
export const customerFile = [
  'external_userid,语言,方便时间,偏好方式,不按评分',
  `${wecomId('wm', 0)},中文,上午,电话,`,
  ...[1, 2, 3, 5, 7, 8].map((n) => `${wecomId('wm', n)},,${n % 2 ? '上午' : '下午'},${n % 3 ? '企业微信' : '电话'},`),
  `${wecomId('wm', 4)},英语,上午,视频,`,
  `${wecomId('wm', 6)},,晚上,,是`,
].join('\n')
