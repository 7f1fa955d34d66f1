/** What a call meant, for people who do not read JSON. */
export interface Spoken {
  zh: string
  en: string
}

interface Said {
  path: string
  query: Record<string, string>
  body: Record<string, unknown>
  answer: Record<string, unknown>
  errcode: number | null
  status: number
  fault: string | null
}

export function sentence(said: Said): Spoken {
  const [zh, en] = (sentences[said.path] ?? unknown)(said)
  const [zhEnd, enEnd] = ending(said)
  return { zh: `${zh}${zhEnd}`, en: `${en}${enEnd}` }
}

function ending({ errcode, status, fault }: Said): [string, string] {
  if (status === 404) return ['：没有这个接口', ': no such API']
  if (fault) return [`（故障：${fault}）`, ` (fault: ${fault})`]
  return errcode === 0 || errcode === null ? ['', ''] : [`：企业微信拒绝，${errcode}`, `: refused, ${errcode}`]
}

type Pairs = (said: Said) => [zh: string, en: string]

const count = (value: unknown): number => (Array.isArray(value) ? value.length : 0)
const started = ({ answer }: Said): number =>
  Array.isArray(answer['customer']) ? answer['customer'].filter((c: { errcode?: number }) => c.errcode === 0).length : 0
const unknown: Pairs = ({ path }) => [`应用请求 ${path}`, `The app asks for ${path}`]

const transfer: Pairs = (said) => {
  const { handover_userid: from, takeover_userid: to, external_userid: ids } = said.body
  return [
    `把 ${from} 的 ${count(ids)} 位客户分配给 ${to}，${started(said)} 位开始等待 24 小时`,
    `Assigns ${count(ids)} customers of ${from} to ${to}; ${started(said)} begin to wait 24 hours`,
  ]
}
const result: Pairs = ({ body, answer }) => {
  const rows = count(answer['customer'])
  return [
    `查询 ${body['handover_userid']} → ${body['takeover_userid']} 的接替结果：${rows} 条`,
    `Asks for the result of ${body['handover_userid']} → ${body['takeover_userid']}: ${rows} rows`,
  ]
}
const groups: Pairs = ({ body, answer }) => {
  const [all, failed] = [count(body['chat_id_list']), count(answer['failed_chat_list'])]
  return [
    `把 ${all} 个客户群转给 ${body['new_owner']}，${failed} 个失败`,
    `Moves ${all} groups to ${body['new_owner']}, ${failed} fail`,
  ]
}

const sentences: Record<string, Pairs> = {
  gettoken: () => ['应用用密钥换取 access_token', 'The app exchanges its secret for an access token'],
  get_jsapi_ticket: () => ['取企业身份的 JS-SDK 票据', 'Takes the corp ticket for JS-SDK signatures'],
  'ticket/get': () => ['取应用身份的 JS-SDK 票据', 'Takes the app ticket for JS-SDK signatures'],
  getcallbackip: () => ['查询回调来源 IP', 'Asks where callbacks come from'],
  'agent/get': () => ['读取应用设置', 'Reads the settings of the app'],
  'user/get': ({ query }) => [`读取成员 ${query['userid']}`, `Reads member ${query['userid']}`],
  'user/list': ({ answer }) => [
    `读取部门成员：${count(answer['userlist'])} 人`,
    `Reads a department: ${count(answer['userlist'])} members`,
  ],
  'user/simplelist': ({ answer }) => [
    `读取部门成员名单：${count(answer['userlist'])} 人`,
    `Lists a department: ${count(answer['userlist'])} members`,
  ],
  'user/list_id': ({ answer }) => [
    `读取通讯录 ID：${count(answer['dept_user'])} 条`,
    `Reads ids of the contact book: ${count(answer['dept_user'])}`,
  ],
  'user/delete': ({ query }) => [
    `从通讯录删除成员 ${query['userid']}`,
    `Deletes member ${query['userid']} from the corp`,
  ],
  'department/list': () => ['读取部门', 'Reads the departments'],
  'department/simplelist': () => ['读取部门 ID', 'Reads the ids of the departments'],
  'department/get': ({ query }) => [`读取部门 ${query['id']}`, `Reads department ${query['id']}`],
  'externalcontact/get_follow_user_list': ({ answer }) => [
    `读取有客户联系权限的成员：${count(answer['follow_user'])} 人`,
    `Lists who has customer contact: ${count(answer['follow_user'])} members`,
  ],
  'externalcontact/list': ({ query, answer }) => [
    `读取 ${query['userid']} 的客户：${count(answer['external_userid'])} 位`,
    `Lists the customers of ${query['userid']}: ${count(answer['external_userid'])}`,
  ],
  'externalcontact/get': () => ['读取一位客户的详情', 'Reads one customer'],
  'externalcontact/batch/get_by_user': ({ body, answer }) => [
    `批量读取 ${count(body['userid_list'])} 名成员的客户：${count(answer['external_contact_list'])} 条`,
    `Reads customers of ${count(body['userid_list'])} members: ${count(answer['external_contact_list'])} rows`,
  ],
  'externalcontact/remark': ({ body }) => [`替 ${body['userid']} 写客户备注`, `Writes a remark for ${body['userid']}`],
  'externalcontact/mark_tag': ({ body }) => [
    `替 ${body['userid']} 打标签 ${count(body['add_tag'])} 个，去掉 ${count(body['remove_tag'])} 个`,
    `Adds ${count(body['add_tag'])} and removes ${count(body['remove_tag'])} tags for ${body['userid']}`,
  ],
  'externalcontact/get_corp_tag_list': () => ['读取企业标签库', 'Reads the corp tags'],
  'externalcontact/groupchat/list': ({ answer }) => [
    `读取客户群列表：${count(answer['group_chat_list'])} 个`,
    `Lists customer groups: ${count(answer['group_chat_list'])}`,
  ],
  'externalcontact/groupchat/get': () => ['读取一个客户群', 'Reads one customer group'],
  'externalcontact/groupchat/transfer': groups,
  'externalcontact/groupchat/onjob_transfer': groups,
  'externalcontact/get_unassigned_list': ({ answer }) => [
    `查询离职成员待分配的客户：${count(answer['info'])} 位`,
    `Asks for unassigned customers of leavers: ${count(answer['info'])}`,
  ],
  'externalcontact/resigned/transfer_customer': transfer,
  'externalcontact/resigned/transfer_result': result,
  'externalcontact/transfer_customer': transfer,
  'externalcontact/transfer_result': result,
  'message/send': ({ body }) => [
    `给 ${body['touser'] ?? '部门'} 发应用消息`,
    `Sends an app message to ${body['touser'] ?? 'a department'}`,
  ],
  'message/update_template_card': ({ body }) => [
    `更新 ${count(body['userids'])} 位成员看到的卡片`,
    `Updates the card of ${count(body['userids'])} members`,
  ],
  'auth/getuserinfo': ({ answer }) => [
    `用 code 确认访问者：${answer['userid'] ?? answer['external_userid'] ?? '外部人员'}`,
    `Learns who opened the page: ${answer['userid'] ?? answer['external_userid'] ?? 'an outsider'}`,
  ],
}
