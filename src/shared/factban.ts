/**
 * What must decide nothing about anybody (compliance 7.3), by the names people give it: a column, a group of tags, a tag, a
 * department. Chinese words are found anywhere in a name (with `=` only as the whole of it), English ones as words of it ("language" has no "age").
 */
export const bans = [
  'sex',
  'age',
  'ethnicity',
  'marriage',
  'pregnancy',
  'religion',
  'health',
  'household',
  'proxy',
] as const
export type Ban = (typeof bans)[number]

const zh: Record<Exclude<Ban, 'proxy'>, readonly string[]> = {
  sex: ['性别', '男女', '男性', '女性'],
  age: ['年龄', '年纪', '岁', '出生', '生日', '属相', '生肖', '身份证'],
  ethnicity: ['民族', '种族', '族裔', '少数民族'],
  marriage: ['婚姻', '婚否', '已婚', '未婚', '婚育', '配偶', '单身', '离异'],
  pregnancy: ['孕', '产假', '哺乳', '生育', '备孕'],
  religion: ['宗教', '信仰', '教徒'],
  health: ['=健康', '健康状况', '健康情况', '身体状况', '疾病', '病史', '患病', '病假', '残疾', '残障', '体检', '伤残'],
  household: ['户籍', '户口', '籍贯', '农业户', '非农'],
}
const en: Record<Exclude<Ban, 'proxy'>, readonly string[]> = {
  sex: ['sex', 'gender', 'male', 'female', 'xingbie'],
  age: ['age', 'ages', 'birth', 'birthday', 'birthdate', 'dob', 'born', 'zodiac'],
  ethnicity: ['ethnic', 'ethnicity', 'race', 'nationality', 'minzu'],
  marriage: ['marital', 'marriage', 'married', 'spouse', 'divorced'],
  pregnancy: ['pregnant', 'pregnancy', 'maternity', 'childbearing', 'breastfeeding'],
  religion: ['religion', 'religious', 'faith', 'belief'],
  health: ['health', 'illness', 'disease', 'disability', 'disabled'],
  household: ['hukou', 'household', 'domicile', 'birthplace', 'huji'],
}

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-·.]+/g, '')
/** `DateOfBirth`, `date_of_birth` and `date of birth` have the same words. */
const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKC')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)

/** Why a name cannot stand for a fact; null: it can. `proxies`: words that compliance has named beside these. */
export function bannedIn(name: string, proxies: readonly string[] = []): Ban | null {
  const [whole, parts] = [plain(name), wordsOf(name)]
  for (const ban of bans) {
    if (ban === 'proxy') continue
    if (
      zh[ban].some((word) => (word.startsWith('=') ? `=${whole}` === word : whole.includes(word))) ||
      en[ban].some((word) => parts.includes(word))
    )
      return ban
  }
  return proxies.some((word) => plain(word) && whole.includes(plain(word))) ? 'proxy' : null
}
