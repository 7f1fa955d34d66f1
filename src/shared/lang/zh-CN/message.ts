/**
 * Texts that go into a chat (compliance 3.3): version 1 of what compliance may change in the workbench. Who changes a word
 * here adds the digest that the failing test prints.
 */
export const message = {
  m1: '您好，我是{company}的{old}。自{date}起，您的服务改由同事{new}负责，公司和服务内容不变。{new}会看到您的联系方式和必要的服务记录。看全文、换人、提异议或投诉：{url}。不点开也不影响您的服务。客服{tel}',
  m2: '您好，我是{company}的{new}。{old}不再负责您的服务，自{date}起由我接替，公司和服务内容不变。我只会看到服务必需的信息。看全文、换人、提异议或投诉：{url}。不点开也不影响您的服务。客服{tel}',
  /** What changed of a notice that was given, and only that (PIPL 17). */
  m2c: '您好，我是{company}的{new}。之前给您的服务人员变更告知有一处更新：{changed}。其他内容没有变。看全文、换人、提异议或投诉：{url}。不点开也不影响您的服务。客服{tel}',
  m3: '您好，我是{company}的{new}，接替{old}为您服务。有一件事请您决定：是否允许我查看{data}，用于{purpose}。同意或不同意都可以；不同意不影响现有服务，同意后可随时撤回。请选择：{url}。客服{tel}',
  m4: '已收到您的选择：不同意{matter}。{new}不会查看或使用这些信息，我们也不会就同一事项反复询问。您的现有服务照常。想换服务人员、删除信息或投诉：{url}。回执{receipt}',
  m5: '您已于{time}撤回对{matter}的同意。我们已停止相关处理，不再需要的信息将在{deadline}前删除；撤回前已完成的处理不受影响，现有服务照常。回执和投诉：{url}。回执{receipt}',
  m6: '已收到您的投诉，编号{number}，由{department}处理。我们会在{until}前把结果和理由告诉您，您不用催。查进度或补充材料：{url}',
  m7: '您的投诉（编号{number}）已处理：{result}。理由见：{url}。不认可的话，可以要求我们复核，也可以向网信、市场监管等部门反映，或依法向法院起诉。',
  m8: '您好，我是{company}的{staff}。为给您服务，公司会处理您的昵称、头像、联系方式和沟通记录。如我调岗或离职，公司会安排同事接替并告知您。处理规则和您的权利：{rules}。客服{tel}',
  m9: '您好，我是{company}的{new}，拟接替{old}服务{child}。这涉及未满14周岁孩子的信息，请您以监护人身份决定是否同意：{url}。如不同意，我不会查看孩子的信息，公司会与您另行商定服务方式。客服{tel}',
  /** To a whole group: nothing of anybody in it. */
  m10: '大家好，我是{company}的{new}。本群之前由{old}服务，自{date}起由我接替，公司和服务内容不变。想换服务人员、有异议或投诉，请私聊我或拨打客服{tel}；个人情况请不要发在群里。不操作也不影响您的服务。',
  askTitle: '请您决定：是否同意',
  askText: '有一件事请您决定。同意或不同意都可以；不同意不影响现有服务。',
  passedOn:
    '您好，我是{company}的{new}。公司调整了服务人员，{old}的客户现由我接待，公司和服务内容不变。如需换人、提异议或投诉，请拨打客服{tel}。',
  cardTitle: '服务人员变更告知',
  cardText: '您的服务人员有变更。点开可看告知全文、换人、提异议或投诉；不点开也不影响您的服务。',
  resultTitle: '投诉处理结果',
  resultText: '您的投诉已有结果和理由。不认可的话，可以要求复核。',
}
export type MessageWords = typeof message
