import type { FailureCode } from '../../failure'

export const failure: Record<FailureCode, string> = {
  invalid: '有内容填写不正确，请检查：{fields}。',
  signed_out: '登录已过期，请重新打开本页。',
  forbidden: '您的角色没有这项权限。需要的话，请联系系统管理员。',
  cross_site: '这次请求不是从本应用发出的，已拒绝。请回到企业微信里重试。',
  not_found: '没有找到，或不在您的范围内。',
  method_not_allowed: '这个地址不支持这种请求。',
  stale: '内容刚刚有变化，请刷新后再操作。',
  own_plan: '自己提交的方案，或自己是接替成员的方案，需由其他管理者审批。',
  plan_empty: '方案里还没有客户或群，请先选择客户和接替成员。',
  checks_failed: '有 {count} 位客户或群没有通过检查，请换人或移出方案后再提交。',
  not_notified: '请先告知客户换人了，再查看更多内容。',
  not_taken_over: '企业微信还没有完成接替，暂时不能告知客户。',
  too_large: '提交的内容太大，请缩短后重试。',
  limited: '操作太频繁，请 {seconds} 秒后再试。',
  internal: '系统出错，已记录。请稍后再试；仍不行时把编号告诉管理员。',
  wecom_unreachable: '暂时连不上企业微信，稍后会自动继续。',
  wecom_permission:
    '应用没有客户联系权限，请管理员到「客户联系 → API → 可调用接口的应用」勾选本应用（错误码 {errcode}）。',
  wecom_config: '企业微信的配置有误，请管理员检查应用设置（错误码 {errcode}）。',
  wecom_refused: '企业微信没有接受这次操作（错误码 {errcode}）。',
  busy: '系统正忙，请稍后再试。',
}
