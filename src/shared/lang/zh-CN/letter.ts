import { objectionLetter } from './letter/objection'
import { requestLetter } from './letter/request'

/** A heading and what stands under it. */
const part = (head: string, text: string): [string, string] => [head, text]

/**
 * The customer's page (compliance 3.4). Who changes a word adds the digest the failing test prints (message.test.ts). Never in it: why somebody left, praise or
 * blame, advertising, a countdown, an agreement by doing nothing (3.1).
 */
export const letter = {
  large: '大字',
  normal: '标准字',
  other: 'English',
  back: '返回告知',
  hotline: '客服电话',
  privacy: '个人信息保护联系人',
  wary: '想核实这份告知，可以拨打客服电话。本页不会要您的密码、验证码或付款。',
  links: { full: '看全文', record: '我的选择和记录' },

  /** Told to customers when the table of access changes by itself. */
  lists_changed: '看得到的信息改为{visible}',

  first: {
    heading: '您的服务人员有变更',
    what: '{company}告知您：自{date}起，为您服务的人由{old}改为{new}。',
    same: part('没变的', '公司没有变，服务内容和价格没有变，我们处理您信息的目的和方式没有变。'),
    changed: part('变了的', '{new}会看到{visible}，用于{purpose}。'),
    hidden: part('看不到的', '{hidden}。'),
    may: part('您可以', '换一位服务人员、提出异议、要求查阅、更正或删除信息、投诉。不操作也不影响服务。'),
    acknowledge: '我知道了',
    wantOther: '我想换人',
    complain: '我有疑问或投诉',
    small: '“我知道了”只表示您已看到本告知，不代表您同意任何事项。',
    signature: '您的服务人员：{new}',
  },
  claims: {
    service: '服务内容有变化。',
    price: '价格有变化。',
    purpose: '我们处理您信息的目的有变化。',
    method: '我们处理您信息的方式有变化。',
  },
  purpose: '继续为您提供现有服务',
  listed: '、',
  /** Where WeCom does not tell us a name. */
  colleague: '我们的同事',

  /** One row a class of fields: `name` stands in the lists, the rest in the table of the full notice. */
  fields: {
    F0: { name: '交接进度', use: '安排和核对交接', how: '在公司系统里记录；姓名只显示姓氏' },
    F1: { name: '您的称呼、公司和职务', use: '认出您、联系您', how: '从企业微信读取，原样显示' },
    F2: { name: '服务记录、待办约定、备注和标签', use: '接着办没办完的事', how: '由同事写下的内容整理，按时间显示' },
    F3: { name: '遮住中间几位的手机号', use: '核对身份', how: '在公司系统里遮住后才显示' },
    F4: { name: '聊天原文', use: '', how: '' },
    F5: { name: '证件、健康和账户信息', use: '', how: '' },
    F6: { name: '您写给公司的投诉和意见（您允许的除外）', use: '', how: '' },
  },
  who: {
    successor: '{new}',
    manager: '负责安排服务的管理者',
    approver: '审核交接的管理者',
    compliance: '合规人员',
    serving: '正在为您服务的人',
    departing: '即将离任的服务人员',
    covering: '应急时经说明理由、事后复核的同事',
    duty: '交接等待期间值班的同事',
    departed: '已离任的人员',
    staff: '其他员工',
    allocator: '安排接替的管理者',
    hr: '人事人员',
    admin: '系统管理员',
    auditor: '审计人员',
    customer: '您本人',
  },

  full: {
    heading: '服务人员变更告知（全文）',
    version: '版本{version}，{date}起适用',
    we: part('一、我们是谁', '{company}，地址{address}，电话{tel}。个人信息保护联系人：{person}，{mail}。'),
    what: part('二、发生了什么', '为您服务的人自{date}起由{old}改为{who}。公司没有把您的信息交给别的公司。'),
    use: part('三、我们怎么用您的信息', '见下面的清单。依据：与您的服务约定；没有约定的，是您首次添加我们时的选择。'),
    columns: ['信息种类', '用来做什么', '怎么处理', '谁能看到', '保存到什么时候'],
    automatic: '以上内容由人查看，不用来自动打分或自动做决定。',
    closed: part('四、看不到的和要您另外决定的', '{hidden}。这次变更没有请您另外同意任何事项。'),
    vendors: part('五、帮我们处理信息的单位', '企业微信（沟通和联系人平台），只能按我们的要求处理。'),
    chosen: part(
      '六、怎么选出新的服务人员',
      '按各位同事手上的客户数量平均安排，由一位管理者提出、另一位管理者审核决定。您可以换人，也可以要求说明。',
    ),
    rights: part(
      '七、您的权利和办法',
      '查阅、复制、转移、更正、补充、删除、限制处理、撤回同意、注销、要求解释：点“我的选择和记录”提出，或联系上面的联系人。我们在15个工作日内答复；不能办的，说明理由。',
    ),
    refuse: part(
      '八、如果您不想由{new}服务',
      '点“我想换人”。如果您在微信里拒绝接替，这条企业微信联系会结束，您仍可通过{alternative}得到服务。',
    ),
    children: part(
      '九、孩子的信息',
      '如果涉及未满14周岁孩子的信息，请监护人联系上面的联系人。我们会先征得监护人同意再处理。',
    ),
    complaints: part(
      '十、投诉',
      '点“我有疑问或投诉”，或联系{department}，{mail}。也可以向网信、市场监管等部门反映，或依法起诉。',
    ),
    changes: part('十一、这份告知变了怎么办', '有变更会再告诉您变了的部分。旧版本见下面的链接。'),
  },

  /** The page behind M8, for whoever has just met us: nobody's letter (letter/rules.ts). Its first and fifth part are those of `full`. */
  rules: {
    heading: '我们怎么处理您的信息',
    lead: '您和{company}的同事成为联系人后，公司按这里写的处理您的信息。不点开、不操作也不影响服务。',
    use: part('二、我们怎么用您的信息', '见下面的清单。依据：与您的服务约定；没有约定的，是您添加我们时的选择。'),
    next: '接替的同事',
    changes: part(
      '三、为您服务的人变了怎么办',
      '同事调岗或不再负责您的服务时，公司会安排另一位同事接替，并告诉您由谁接替、能看到什么。您可以换人，也可以提出异议。',
    ),
    closed: part(
      '四、看不到的和要您另外决定的',
      '{hidden}。确实要用时会单独问您，您可以不同意，也可以随时撤回；现有服务照常。',
    ),
    rights: part(
      '六、您的权利和办法',
      '查阅、复制、转移、更正、补充、删除、限制处理、撤回同意、注销、要求解释：告诉为您服务的同事，或拨打{tel}、联系{person}（{mail}）。我们在15个工作日内答复；不能办的，说明理由。',
    ),
    children: part('七、孩子的信息', '如果涉及未满14周岁孩子的信息，请监护人联系我们。我们会先征得监护人同意再处理。'),
    complaints: part(
      '八、投诉',
      '点下面的“我有疑问或投诉”，或联系{department}，{mail}。也可以向网信、市场监管等部门反映，或依法起诉。',
    ),
  },

  versions: {
    heading: '这份告知的各个版本',
    lead: '每个版本从所示日期起使用，用过的版本不会再改。',
    row: '第{version}版，{date}起',
    now: '现在使用',
    told: '告知您时使用',
    changed: '变了的：{changed}。',
    old: '这是第{version}版，自{date}起使用，现已换成新的版本。',
    current: '看现在的版本',
    since: '这份告知在您收到之后有更新',
  },

  record: {
    heading: '我的选择和记录',
    sent: '告知发出（文本版本 {version}）',
    opened: '首次打开',
    acknowledged: '您点了“我知道了”',
    objected: '您要求换人',
    complaint: '您的投诉 {number}',
    none: '还没有记录',
    consent: '这份告知没有请您同意任何事项，所以这里没有同意记录。',
    looks: '谁看过我的信息',
    successor: '接替的服务人员',
    looks_none: '还没有人看过您的信息。',
    looked: '{who}看了{classes}',
    times: '{count} 次',
    looks_note: '只列角色和日期。想知道更多，请联系我们。',
  },

  ...objectionLetter,

  ...requestLetter,

  complaint: {
    heading: '我有疑问或投诉',
    lead: '由{department}处理，{new}看不到您写的内容。',
    leadUnknown: '由{department}处理。',
    text: '疑问、要求或投诉的内容',
    contact: '怎么联系您（可不填，例如电话或邮箱）',
    send: '提交',
    empty: '请写下内容再提交。',
    long: '内容太长，请缩短后再提交。',
    done: '已收到您的投诉，编号{number}',
    next: '由{department}处理。我们会在15个工作日内把结果和理由告诉您，您不用催。',
    keep: '请记下编号。没有留下联系方式的，可凭编号向客服查询：{tel}。',
  },

  status: {
    acknowledged: '您已在{date}点了“我知道了”。',
    present: '您现在的服务人员是{present}，自{date}起。',
    arranging: '{last}已不再负责您的服务，接手的同事确定后会告诉您。现在有事请拨打{tel}。',
    expired: '这份告知的按钮已过期，文字仍可查看。有疑问或投诉，请直接写在下面。',
  },
  unknown: {
    heading: '这个链接现在打不开',
    text: '链接可能不完整、已过期，或已换成新的。您的服务不受影响。',
  },
  limited: { heading: '请稍等一分钟再打开', text: '这里刚刚收到太多请求。急事请拨打客服电话。' },
  broken: { heading: '系统出错了', text: '我们已经记录，请稍后再试。急事请拨打客服电话。' },
}
export type LetterWords = typeof letter
