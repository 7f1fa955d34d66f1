/** A heading and what stands under it. */
const part = (head: string, text: string): [string, string] => [head, text]

/**
 * The question, the answers and the receipt on the customer's page (compliance 3.4). Who changes a word of the question raises
 * QUESTION_VERSION. Never in it: a countdown, a nudge, an advantage for one of the answers.
 */
export const choice = {
  question: {
    heading: '请您决定一件事',
    lead: '{new}想查看{data}，用于{purpose}，最长用到{until}。',
    agree: part('同意', '{new}可以查看；您随时可以在本页撤回。'),
    refuse: part('不同意', '{new}看不到，现有服务照常，我们不会反复询问。'),
    none: part('不选择', '按不同意处理。'),
    know: '您需要知道',
  },
  /** `data` and `purpose` also fill the message that asks. */
  of: {
    serve: {
      matter: '由{new}服务孩子',
      data: '孩子的称呼、联系方式和服务记录',
      purpose: '继续为孩子提供现有服务',
      know: '孩子的信息是敏感个人信息，泄露可能伤害孩子。只有{new}能看，要经批准，每次查看都会留记录。',
    },
    history_raw: {
      matter: '查看以前的聊天记录',
      data: '您以前的聊天记录',
      purpose: '接着办之前谈好的事',
      know: '这些记录里可能有您的私事。看了能更快接上之前谈的事；不看，我会请您重新说一遍要紧的内容。',
    },
    sensitive_use: {
      matter: '使用您的健康、财务信息',
      data: '您的健康、财务信息',
      purpose: '按您的情况安排服务',
      know: '这是敏感个人信息，泄露可能伤害您的人身、财产或名誉。只有{new}能看，每次查看都会留记录。',
    },
  },
  agree: '同意',
  refuse: '不同意',
  guardian: {
    legend: '您是孩子的（同意时请选）',
    father: '父亲',
    mother: '母亲',
    other: '其他监护人',
    missing: '请先选您是孩子的什么人，再点“同意”。',
  },
  prove: '点“同意”或“不同意”之前，请先在微信里确认是您本人打开的。',
  prove_act: '在微信里确认',
  unproven:
    '现在确认不了您就是客户本人，所以这里暂时不能点“同意”。您可以点“不同意”，或拨打{tel}。不选择，按不同意处理，服务照常。',
  outside: '这里确认不了是谁打开的。请在微信里打开本页，或拨打{tel}。不选择，按不同意处理，服务照常。',
  closed: '这个问题现在不用您回答。',
  open: { line: '有一件事请您决定：{matter}', act: '查看并决定' },
  given: { heading: '您已同意', line: '您在{time}同意了：{matter}，最长用到{until}。' },
  withdraw: {
    heading: '撤回同意',
    text: '撤回后：我们停止查看和使用，不再需要的信息在{deadline}前删除。撤回前已完成的处理不受影响。现有服务照常。',
    free: '不需要说明理由。',
    act: '撤回同意',
    back: '返回',
    link: '查看或撤回',
  },
  refused: { heading: '您没有同意', line: '您在{time}选择了不同意：{matter}。现有服务照常。' },
  withdrawn: { heading: '您已撤回', line: '您在{time}撤回了对{matter}的同意。现有服务照常。' },
  expired: { heading: '同意已到期', line: '您对{matter}的同意已到期，{new}已经看不到了。' },
  superseded: {
    heading: '这个问题已经变了',
    line: '要请您决定的内容有变化，原来的问题和答复不再有效：{matter}。需要时会重新请您决定。',
  },
  invalidated: { heading: '这个同意已作废', line: '经核查，对{matter}的同意已作废，{new}已经看不到了。' },
  again: '我改变主意了，重新决定',
  receipt: {
    heading: '回执',
    number: '编号',
    time: '时间',
    matter: '事项',
    answer: '您的选择',
    answers: { agree: '同意', refuse: '不同意', withdraw: '撤回同意' },
    asked: '当时的问题',
    keep: '请截图或打印保存。凭编号可以向客服查询：{tel}。',
    agreed:
      '已收到您的选择：同意{matter}。{new}可以查看，最长用到{until}。您随时可以撤回，现有服务不受影响。回执{receipt}',
    file: '下载记录文件',
    spoken: '这是您通过{how}告诉我们的，由两位同事记录。',
    how: { phone_call: '电话', paper: '书面' },
  },
  section: { heading: '我的选择', none: '还没有请您决定过别的事项。' },
}
export type ChoiceWords = typeof choice
