/** 我想换人, and what became of it. */
export const objectionLetter = {
  objection: {
    heading: '我想换人',
    lead: '提交后，负责人会在两个工作日内答复您。您不用说明理由，现有服务不受影响。',
    about: '主要是哪方面（可不选）',
    kinds: { manner: '沟通方式', skill: '专业或语言', time: '联系时间', other: '其他' },
    text: '想说的话（可不填）',
    reads: '这段话由合规人员阅读；负责人只知道您选的是哪方面。',
    share: '允许{new}看到这段话',
    send: '提交',
    done: '已收到：您想换一位服务人员',
    next: '负责人最晚在{due}答复您，答复会显示在本页。急事请拨打{tel}。',
    late: '答复已经过期，我们很抱歉。请拨打{tel}，或点“我有疑问或投诉”。',
    closed: '从现在起，{new}看不到您的联系信息和服务记录。',
    kept: '您{date}提出想换人。负责人的答复：这次仍由{new}服务。理由：',
    other_path: '您{date}提出想换人。负责人的答复：改用其他方式为您服务：',
    passed_on: '您{date}提出的换人要求已经办好。',
    passed: '换人要求的答复（{date}）：',
    again: '不认可的话，可以再次提出，或点“我有疑问或投诉”。',
  },
}
