/** What customers complained about. */
export const complaintWords = {
  complaints: {
    title: '疑问与投诉',
    none: '还没有客户写来',
    none_cause: '客户在告知页写下疑问或投诉后，会带着编号出现在这里。',
    failed: '暂时读不到投诉',
    contact: '联系方式',
    no_contact: '没有留联系方式',
    about: '涉及 {name}',
    about_unknown: '不知道涉及哪位成员',
    number: '编号 {number}',
    private: '内容只有合规人员能看到，请勿转发原文。',
  },
}
