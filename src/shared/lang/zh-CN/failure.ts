import type { FailureCode } from '../../failure'

export const failure: Record<FailureCode, string> = {
  invalid: '有内容填写不正确，请检查：{fields}。',
  signed_out: '登录已过期，请重新打开本页。',
  login_again: '这一步需要 {minutes} 分钟内登录过。请重新登录，再按一次。',
  forbidden: '您的角色没有这项权限。需要的话，请联系系统管理员。',
  cross_site: '这次请求不是从本应用发出的，已拒绝。请回到企业微信里重试。',
  not_found: '没有找到，或不在您的范围内。',
  method_not_allowed: '这个地址不支持这种请求。',
  stale: '内容刚刚有变化，请刷新后再操作。',
  own_plan: '自己提交的方案，或自己是接替成员的方案，需由其他管理者审批。',
  own_departure: '自己的离职由其他管理者登记。',
  already_announced: '这位成员的离职已登记，请刷新后查看；要改日期，请打开那条登记。',
  day_past: '最后工作日已经过去，请选今天或以后的日期。',
  day_far: '最后工作日超过一年，请检查年份。',
  plan_empty: '方案里还没有客户或群，请先选择客户和接替成员。',
  checks_failed: '有 {count} 位客户或群没有通过检查，请换人或移出方案后再提交。',
  not_notified: '请先告知客户换人了，再查看更多内容。',
  not_taken_over: '企业微信还没有完成接替，暂时不能告知客户。',
  think_twice: '里面有{kinds}。这类内容不该写在约定里；确实需要，请确认后再保存，显示时会被遮住。',
  reveals_used:
    '今天查看完整信息的 {limit} 次已用完，明天 0 点恢复。急需时请联系您的管理者，由系统管理员调高每日次数。',
  too_large: '提交的内容太大，请缩短后重试。',
  limited: '操作太频繁，请 {seconds} 秒后再试。',
  internal: '系统出错，已记录。请稍后再试；仍不行时把编号告诉管理员。',
  wecom_unreachable: '暂时连不上企业微信，稍后会自动继续。',
  wecom_limited: '企业微信限制了调用次数，约 {minutes} 分钟后自动恢复，请稍后再试。',
  wecom_permission:
    '应用没有客户联系权限，请管理员到「客户联系 → API → 可调用接口的应用」勾选本应用（错误码 {errcode}）。',
  wecom_config: '企业微信的配置有误，请管理员检查应用设置（错误码 {errcode}）。',
  wecom_refused: '企业微信没有接受这次操作（错误码 {errcode}）。',
  busy: '系统正忙，请稍后再试。',
}
