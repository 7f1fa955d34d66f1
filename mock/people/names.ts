import type { Chance } from './chance'

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤'
const second = '建国志文晓小海明德雅思子俊佳梦永玉国春丽秀振云金家立少宏天景书'
const third = '强伟敏静丽磊军洋勇艳杰娟涛超霞平刚桂英华玲芳燕辉峰鹏宇浩凯琳瑶欣怡婷雪倩彤宁博翔轩'
const compound = ['欧阳', '上官', '司马', '诸葛', '慕容', '司徒']

/** A WeChat nickname is rarely the name on a business card. */
const nicknames = [
  '阳光总在风雨后',
  '小鱼儿🐟',
  '平安是福',
  '海阔天空',
  'A 五金批发老周',
  '晴天☀️',
  '一叶知秋',
  '追风少年',
  '老李家的建材铺',
  '🌸 Lily 🌸',
  '知足常乐',
  '大山',
  '向阳而生🌻',
  '李姐（对账找我）',
  '顺丰顺水',
  '。',
  'Mr. Wu',
  '豆豆妈',
  '沉默是金',
  '🚚 老张配货',
]
const latin = [
  'Kevin Zhang',
  'Sophie Müller',
  'Takeshi Yamamoto',
  'Nguyễn Thị Hương',
  'José Álvarez',
  "Aoife O'Connor",
  'Daniel Kim',
  'Emma <Procurement>',
  'Рустам Алиев',
  'Vivian L.',
]
const long = [
  '上海浦东新区张江高科技园区设备采购与供应链协同办公室小王同学',
  'Maximilian Alexander von Hohenstein-Wittgenstein zu Berleburg',
  '买买提·阿卜杜拉·伊明江·吐尔逊·艾合买提（乌鲁木齐办事处）',
  '不想上班只想躺平但是每天还是要认真对账的采购部小美🍵🍵🍵',
  'Wolfeschlegelsteinhausenbergerdorff-Transportgesellschaft',
]

export function personName(c: Chance): string {
  const surname = c.odds(2) ? c.pick(compound) : c.pick([...surnames])
  return surname + (c.odds(72) ? c.pick([...second]) : '') + c.pick([...third])
}

/** The name a customer shows in WeChat or WeCom, by place in the book so that the odd ones always occur. */
export function shownName(c: Chance, n: number, real: string): string {
  if (n % 79 === 40) return long[(n / 79) | 0] ?? real
  if (n % 37 === 20) return latin[(n / 37) | 0] ?? real
  return c.odds(18) ? c.pick(nicknames) : real
}

const brands =
  '恒远 鼎盛 华瑞 金泰 瑞祥 广源 德信 博雅 天宇 中联 永兴 启明 汇通 佳禾 卓越 东方 凯达 新诚 百川 智远 安泰 海纳 宏图 鑫隆 嘉业 世纪 长风 润丰 信达 明德 力源 三合 正大 欣欣 康宁 双桥'.split(
    ' ',
  )
const ends: Record<string, [short: string, full: string]> = {
  建材: ['建材', '建材有限公司'],
  机械加工: ['机械', '机械制造有限公司'],
  电子元件: ['电子', '电子科技股份有限公司'],
  食品饮料: ['食品', '食品有限公司'],
  纺织服装: ['纺织', '纺织品有限公司'],
  物流仓储: ['物流', '供应链管理有限公司'],
  医药器械: ['医疗', '医疗器械有限公司'],
  教育培训: ['教育', '教育科技有限公司'],
  软件服务: ['软件', '信息技术有限公司'],
  餐饮连锁: ['餐饮', '餐饮管理有限公司'],
}

export function company(c: Chance, city: string, industry: string): { name: string; fullName: string } {
  const brand = c.pick(brands)
  const [short, full] = ends[industry] ?? ['商贸', '商贸有限公司']
  return { name: brand + short, fullName: `${city}${brand}${full}` }
}

export const positions = [
  '采购经理',
  '采购专员',
  '总经理',
  '副总经理',
  '财务主管',
  '生产主管',
  '行政经理',
  '项目经理',
  '仓库主管',
  '店长',
  '技术负责人',
  '老板',
]
