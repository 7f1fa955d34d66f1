import type { Simulator } from '../wecom/simulator'
import { registerDefaults, type Switches } from '../wecom/switches'
import type { Question } from './view'

type Words = [zh: string, en: string]
type Choices = readonly [value: unknown, words: Words][]

const yes: Words = ['是', 'Yes']
const no: Words = ['否', 'No']
const yesNo: Choices = [
  [true, yes],
  [false, no],
]
const codes: Choices = [84061, 60111, 40003].map((code): [number, Words] => [code, [String(code), String(code)]])

/** What nobody has established about WeCom (facts 14), as a person would ask it. */
const questions: [name: keyof Switches, words: Words, choices: Choices][] = [
  ['carriesNotes', ['备注和企业标签随客户转移', 'Remarks and corp tags follow the customer'], yesNo],
  ['departedAnswer', ['查询已离职跟进人的错误码', 'Code for a departed follower'], codes],
  [
    'departedPage',
    ['批量查询含离职成员时', 'A page that names a departed member'],
    [['empty', ['空页', 'Empty page']], ...codes],
  ],
  ['showsDepartedFollower', ['客户详情仍显示离职跟进人', 'A customer still shows the departed follower'], yesNo],
  ['addEventAfterTakeover', ['接替成功有事件', 'An event when a takeover is done'], yesNo],
  ['failEvent', ['接替失败有事件', 'An event when a takeover fails'], yesNo],
  [
    'departedOwnerFilter',
    ['按离职群主筛选客户群', 'Groups by a departed owner'],
    [
      ['doc', ['如文档', 'As documented']],
      [40003, ['40003', '40003']],
    ],
  ],
  ['departedOwnerGroup', ['可读离职群主的群', 'The group of a departed owner can be read'], yesNo],
  ['ownerEvent', ['换群主有事件', 'An event when the owner changes'], yesNo],
  ['quitIsResigned', ['自行退出算离职', 'Who quits counts as resigned'], yesNo],
  [
    'unassignedRowLeaves',
    ['客户离开待分配列表', 'A customer leaves the unassigned list'],
    [
      ['at assign', ['分配时', 'When assigned']],
      ['at takeover', ['接替后', 'When taken over']],
    ],
  ],
  ['refusedRowReturns', ['拒绝后回到待分配列表', 'Who refused is listed again'], yesNo],
  ['reassignAfterRefusal', ['拒绝后可再次分配', 'Who refused may be assigned again'], yesNo],
  ['earlyAccept', ['客户可提前接受', 'A customer can accept early'], yesNo],
  [
    'operUserid',
    ['新关系的操作人', 'Operator of the new relation'],
    [
      ['takeover', ['接替人', 'Successor']],
      ['handover', ['离职人', 'Leaver']],
    ],
  ],
  [
    'wholeCallCodes',
    ['整批错误码的位置', 'Codes of a whole call'],
    [
      ['top', ['最外层', 'On top']],
      ['item', ['每位客户', 'At each customer']],
    ],
  ],
  [
    'freshResults',
    ['前五分钟的接替结果', 'Results in the first five minutes'],
    [
      ['all', ['全部', 'All']],
      ['half', ['一半', 'Half']],
      ['none', ['没有', 'None']],
    ],
  ],
  [
    'groupSeconds',
    ['离职群转移所需时间', 'How long a group is inherited'],
    [
      [0, ['立即', 'At once']],
      [600, ['10 分钟', '10 minutes']],
      [86_400, ['一天', 'A day']],
    ],
  ],
]

export const questionNames = questions.map(([name]) => name)

export const questionList = ({ switches }: Simulator): Question[] =>
  questions.map(([name, [zh, en], choices]) => ({
    name,
    zh,
    en,
    chosen: choices.findIndex(([value]) => value === switches[name]),
    usual: choices.findIndex(([value]) => value === registerDefaults[name]),
    choices: choices.map(([, [zh, en]]) => ({ zh, en })),
  }))

export function answerQuestion({ switches }: Simulator, name: keyof Switches, choice: number): void {
  const chosen = questions.find(([n]) => n === name)?.[2][choice]
  if (!chosen) throw new Error(`There is no choice ${choice} for ${name}.`)
  Object.assign(switches, { [name]: chosen[0] })
}
