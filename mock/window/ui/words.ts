import { ref } from 'vue'

type Language = 'zh' | 'en'

export const language = ref<Language>('zh')

/** The window speaks what the desk, and so the client's pages, are set to. */
export function speak(wanted: Language): void {
  language.value = wanted
  document.documentElement.lang = wanted === 'zh' ? 'zh-CN' : 'en'
}

const book: Record<string, [zh: string, en: string]> = {
  simulator: ['模拟企业微信', 'Simulated WeCom'],
  iam: ['我是', 'I am'],
  gone: ['已离职', 'has left'],
  chats: ['消息', 'Chats'],
  mass: ['群发助手', 'Mass messages'],
  massSend: ['点这里确认，发给 {name}', 'Press to confirm and send to {name}'],
  sidebar: ['侧边栏', 'Sidebar'],
  workbench: ['工作台', 'Workbench'],
  phone: ['客户手机', "Customer's phone"],
  day: ['+24 小时', '+24 h'],
  dayLong: ['时间前进 24 小时', 'Move time 24 hours ahead'],
  will: ['客户', 'Customer'],
  accept: ['同意', 'accepts'],
  refuse: ['拒绝', 'refuses'],
  silent: ['沉默', 'silent'],
  willHint: [
    'WeCom 问 {name} 是否由新同事接替时，客户怎么做',
    'What {name} does when WeCom announces the new colleague',
  ],
  leave: ['成员离职', 'Member leaves'],
  leaveAsk: ['让 {name} 离职？', 'Let {name} leave?'],
  leaveNote: ['将从通讯录移除，此操作不能撤销。', 'Removed from the contacts. This cannot be undone.'],
  leaveYes: ['确认离职', 'Yes, remove'],
  cancel: ['取消', 'Cancel'],
  faults: ['故障', 'Faults'],
  faultsOn: ['故障 {n}', 'Faults {n}'],
  bridgeFaults: ['客户端', 'Client'],
  'fault.network': ['网络', 'Network'],
  'fault.answers': ['接口的回答', 'Answers'],
  'fault.limits': ['限制与权限', 'Limits and permissions'],
  'fault.callbacks': ['事件回调', 'Callbacks'],
  'fault.outcomes': ['客户的决定', 'What customers do'],
  onNow: ['现在开着：', 'On now:'],
  otherFaults: ['另有 {n} 个由测试设置', 'and {n} set by a test'],
  clearFaults: ['全部关闭', 'Clear all'],
  questions: ['企业微信的未知之处', 'Open questions about WeCom'],
  questionsOn: ['企业微信的未知之处：改了 {n} 处', 'Open questions about WeCom: {n} changed'],
  usual: ['{value}（默认）', '{value} (default)'],
  normal: ['正常', 'Normal'],
  absent: ['没有 JS-SDK 桥', 'No bridge'],
  late: ['桥晚到 2 秒', 'Bridge 2 s late'],
  hang: ['调用不返回', 'Calls never return'],
  noPermission: ['没有客户联系权限', 'No customer permission'],
  failing: ['{api} 失败', '{api} fails'],
  version: ['客户端版本', 'Client version'],
  keepView: ['切换聊天时保留侧边栏', 'Keep the sidebar page when the chat changes'],
  more: ['更多', 'More'],
  raw: ['原文', 'Raw'],
  hide: ['收起', 'Hide'],
  justNow: ['刚刚', 'Now'],
  quiet: ['还没有调用', 'Nothing on the wire yet'],
  recent: ['最近的调用', 'Recent calls'],
  next: ['下一步', 'Next'],
  dismiss: ['收起引导', 'Hide the guide'],
  guide: ['引导', 'Guide'],
  toolbar: ['聊天工具栏', 'Chat toolbar'],
  back: ['返回', 'Back'],
  reload: ['刷新', 'Reload'],
  narrow: ['手机宽度', 'Phone width'],
  wide: ['完整宽度', 'Full width'],
  wechat: ['@微信', '@WeChat'],
  added: ['已成为联系人', 'Now a contact'],
  search: ['搜索', 'Search'],
  noCustomers: ['{name} 没有客户', '{name} has no customers'],
  noLines: ['还没有聊天记录', 'Nothing was said yet'],
  say: ['发送消息', 'Send a message'],
  send: ['发送', 'Send'],
  sendTo: ['发送给 {name}？', 'Send to {name}?'],
  sendFail: ['模拟失败', 'Let it fail'],
  service: ['服务通知', 'Service notice'],
  'notice.added': ['已成为联系人', 'Added'],
  'notice.refused': ['已选择暂不添加', 'Not added, as you chose'],
  'notice.full': ['对方暂时无法添加', 'Cannot be added at present'],
  'notice.void': ['已失效', 'No longer valid'],
  refuseNow: ['暂不添加', 'Not now'],
  notFriend: ['对方已离职，无法回复', 'This person has left'],
  openLink: ['打开链接', 'Open the link'],
  app: ['应用', 'App'],
  noMessages: ['还没有消息', 'No messages yet'],
  copied: ['已复制', 'Copied'],
  profile: ['打开名片：{name}', 'Opened the card of {name}'],
  browser: ['在系统浏览器打开：{name}', 'Opened in the system browser: {name}'],
  closed: ['页面请求关闭窗口', 'The page asked to close'],
  closedAccount: [
    '{name} 已不在企业中，客户端已退出登录。',
    '{name} is no longer a member; the client has signed out.',
  ],
  lost: ['与模拟器的连接断开，正在重试', 'Connection to the simulator lost, trying again'],
  loading: ['正在打开', 'Opening'],
  people: ['{n} 人', '{n} people'],
  's1.leave': ['点「成员离职」，让 {leaver} 离开公司', 'Press “Member leaves” and let {leaver} go'],
  's2.member': ['成为 {manager}，安排 {leaver} 的客户', 'Become {manager}, who looks after {leaver}’s customers'],
  's2.workbench': ['打开工作台', 'Open the workbench'],
  's2.frame': ['在工作台里分配 {leaver} 的客户，提交审批', 'Allocate {leaver}’s customers in the workbench and submit'],
  's3.member': ['成为 {second}，批准方案', 'Become {second} and approve the plan'],
  's3.workbench': ['打开工作台', 'Open the workbench'],
  's3.frame': ['在工作台里批准方案', 'Approve the plan in the workbench'],
  's4.advance': ['点「+24 小时」，等待企业微信完成接替', 'Press “+24 h”: WeCom completes the takeover'],
  's5.member': ['成为 {successor}，接替 {customer}', 'Become {successor}, who takes over {customer}'],
  's5.chat': ['打开 {customer} 的聊天', 'Open the chat with {customer}'],
  's5.frame': ['在侧边栏发送交接告知', 'Send the handover notice from the sidebar'],
  's5.confirm': ['确认发送', 'Confirm the sending'],
  's6.phone': ['在客户手机上打开链接，点「我知道了」', 'On the phone, open the link and acknowledge it'],
  s7: ['故事讲完了。再试试拒绝、投诉和故障', 'That is the story. Try refusals, complaints and faults next'],
}

/** The words for `key` in the language of the window, `{names}` filled in. */
export function say(key: string, fill: Record<string, string | number> = {}): string {
  const text = book[key]?.[language.value === 'zh' ? 0 : 1] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole))
}

const zone = 'Asia/Shanghai'
const formats = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { month: 'numeric', day: 'numeric' },
  full: { month: 'long', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
} as const

export const when = (at: number, how: keyof typeof formats): string =>
  new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en-GB', { ...formats[how], timeZone: zone }).format(at)

/** A time today, a date before. */
export const ago = (at: number, now: number): string =>
  at === 0 ? '' : when(at, 'day') === when(now, 'day') ? when(at, 'clock') : when(at, 'day')
