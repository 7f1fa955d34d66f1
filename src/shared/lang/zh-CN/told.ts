/** Application messages to members (facts 8.2: title ≤ 128, text ≤ 512, button ≤ 4 characters). No customer's name. */
export const told = {
  head: {
    title: '审计日志树头（请保留）',
    text: '共 {size} 条记录\n根哈希 {root}\n时间 {time}\n密钥 {key}',
    button: '查看',
  },
  inherited: {
    title: '{customers} 位客户已由您接替',
    text: '请逐一告知客户换人了，告知后可查看更多内容。',
    button: '查看',
  },
  inheritedOne: {
    title: '有 1 位客户已由您接替',
    text: '请先告知客户换人了，告知后可查看更多内容。',
    button: '查看',
  },
  inheritedGroups: {
    title: '{groups} 个客户群已转给您',
    text: '您现在是群主，请在群里跟大家说一声。',
    button: '查看',
  },
  inheritedBoth: {
    title: '{customers} 位客户已由您接替',
    text: '另有 {groups} 个客户群已转给您。请逐一告知客户换人了，告知后可查看更多内容。',
    button: '查看',
  },
  plan: {
    title: '交接方案待审批',
    text: '{planner} 提交了 {leaver} 的客户交接方案，共 {customers} 位客户。',
    button: '审批',
  },
  planWithGroups: {
    title: '交接方案待审批',
    text: '{planner} 提交了 {leaver} 的客户交接方案，共 {customers} 位客户、{groups} 个客户群。',
    button: '审批',
  },
  wish: {
    title: '有客户想换服务人员',
    text: '请在两个工作日内安排或答复。安排好之前，请现在的同事不要主动联系客户。',
    button: '处理',
  },
  wishDue: {
    title: '换人要求今天到期',
    text: '还没有安排或答复客户，请今天处理。',
    button: '处理',
  },
  wishLate: {
    title: '换人要求已过期',
    text: '两个工作日已过，客户还没有得到答复，请马上处理。',
    button: '处理',
  },
  emergency: {
    title: '有人应急查看了一位客户',
    text: '{by} 说明理由后打开了一位不归自己的客户，一小时内有效。请在 24 小时内说明是否妥当。',
    button: '查看',
  },
  untold: {
    title: '还有 {customers} 位客户没有告知',
    text: '接替已满一天。请尽快在聊天里发出告知，或用群发任务；三天还没告知的，会交给负责人换渠道。',
    button: '查看',
  },
  export: {
    title: '数据导出待审批',
    text: '{by} 申请导出 {rows} 行，请看清内容和用途再决定。48 小时内未决定即失效。',
    button: '审批',
  },
  exportCode: {
    title: '导出文件已备好',
    text: '下载码 {code}。24 小时内可下载一次；下载码不要转给任何人。',
    button: '下载',
  },
}
export type ToldWords = typeof told
