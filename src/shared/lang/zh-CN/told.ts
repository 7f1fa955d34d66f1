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
  planBackExpired: {
    title: '交接方案已过期',
    text: '{leaver} 的客户交接方案 48 小时内没有通过，请核对后重新提交。',
    button: '查看',
  },
  planBackRejected: {
    title: '交接方案被驳回',
    text: '{leaver} 的客户交接方案被驳回，理由写在方案里。修改后可以再次提交。',
    button: '查看',
  },
  planDrafted: {
    title: '系统已起草交接方案',
    text: '{leaver} 已离职，系统按规则起草了 {customers} 位客户的交接方案。请核对、修改，由您提交审批；不提交就什么也不会发出。',
    button: '核对',
  },
  duty: {
    title: '请在交接等待期间值班',
    text: '{leaver} 的 {customers} 位客户在等待接替（约 24 小时），这段时间请您答复；其中 {due} 件承诺明天前到期。',
    button: '查看',
  },
  dutyDue: {
    title: '值班：{promises} 件承诺今天到期或已逾期',
    text: '客户还在等待接替，请今天处理，办好后记一下。',
    button: '处理',
  },
  planStuck: {
    title: '交接方案没有人能审批',
    text: '{leaver} 的客户交接方案在等审批，但能审批的管理者不够。请在「角色与授权」里授权，或在「审批设置」里调整。',
    button: '处理',
  },
  planCard: {
    source: '接棒 · 审批',
    title: '交接方案待审批',
    by: '{planner} 提交',
    of: '{leaver}的客户交接方案',
    lines: {
      leaver: '离职成员',
      what: '交接内容',
      to: '接替成员',
      needed: '需要通过',
      due: '有效期至',
      digest: '内容指纹',
    },
    customers: '{n} 位客户',
    groups: '{n} 个客户群',
    members: '{n} 位',
    people: '{n} 人',
    note: '请在页面里看清谁交给谁、为什么，再决定。卡片上的按钮只打开页面，不会直接通过。',
    buttons: { open: '查看方案', approve: '去批准', reject: '去驳回', pass: '请别人审批' },
    faces: {
      approved: { title: '方案已通过', text: '{decider} 于 {at} 通过，正在按方案交接。', button: '已通过' },
      rejected: { title: '方案已驳回', text: '{decider} 于 {at} 驳回，理由写在方案里。', button: '已驳回' },
      expired: { title: '方案已过期', text: '48 小时内没有通过，等待重新提交。到那时会有新的卡片。', button: '已过期' },
      discarded: { title: '方案已放弃', text: '这份方案已放弃，不用再审批。', button: '已放弃' },
      passed: {
        title: '已请别人审批',
        text: '会请其他管理者审批；没有其他人时告知管理员。您仍可以打开方案自己决定。',
        button: '已请别人审批',
      },
    },
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
  promises: {
    title: '答应客户的事：{list}',
    text: '请打开看看。办好的记为已兑现，来不及的先和客户说好，再改日期。',
    button: '查看',
    overdue: '{n} 项已逾期',
    today: '{n} 项今天到期',
    tomorrow: '{n} 项明天到期',
    and: '，',
  },
  untold: {
    title: '{customers} 位客户接替满一天还没有告知',
    text: '请尽快在聊天里发出告知，或用群发任务；三天还没告知的，会交给负责人换渠道。',
    button: '查看',
  },
  newcomers: {
    title: '{customers} 位新客户添加满一天还没有告知',
    text: '请在聊天里发出首次告知，让客户知道由谁服务、公司处理哪些信息、有什么权利。',
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
  complaintNew: {
    title: '{count} 件投诉待安排',
    text: '请先看期限最近的，分清类别，指定经办人。',
    button: '查看',
  },
  complaintNews: {
    title: '投诉 {number} 有新情况',
    text: '请打开看看下一步。',
    button: '查看',
  },
  complaintSoon: {
    title: '投诉 {number} 快到期',
    text: '这一步最晚 {day} 完成。',
    button: '处理',
  },
  complaintLate: {
    title: '投诉 {number} 已逾期',
    text: '这一步本应在 {day} 前完成，请今天处理。',
    button: '处理',
  },
  complaintStop: {
    title: '投诉 {number} 已超过 30 天',
    text: '最晚应在 {day} 前办结。请现在就处理，或交给能办的人。',
    button: '处理',
  },
}
export type ToldWords = typeof told
