/** Texts that go into a chat (compliance 3.3). A change of words is a new version of the template. */
export const message = {
  m2: '您好，我是{company}的{new}。{old}不再负责您的服务，自{date}起由我接替，公司和服务内容不变。我只会看到服务必需的信息。看全文、换人、提异议或投诉：{url}。不点开也不影响您的服务。客服{tel}',
  passedOn:
    '您好，我是{company}的{new}。公司调整了服务人员，{old}的客户现由我接待，公司和服务内容不变。如需换人、提异议或投诉，请拨打客服{tel}。',
  m6: '已收到您的投诉，编号{no}，由{dept}处理。我们会在{date}前把结果和理由告诉您，您不用催。查进度或补充材料：{url}',
  m7: '您的投诉（编号{no}）已处理：{result}。理由见：{url}。不认可的话，可以要求我们复核，也可以向网信、市场监管等部门反映，或依法向法院起诉。',
  cardTitle: '服务人员变更告知',
  cardText: '您的服务人员有变更。点开可看告知全文、换人、提异议或投诉；不点开也不影响您的服务。',
}
export type MessageWords = typeof message
