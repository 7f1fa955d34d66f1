import { calendarWords } from './workbench/calendar'
import { checklistWords } from './workbench/checklist'
import { complaintWords } from './workbench/complaint'
import { consentWords } from './workbench/consent'
import { departureWords } from './workbench/departure'
import { dutyWords } from './workbench/duty'
import { emergencyWords } from './workbench/emergency'
import { evidenceWords } from './workbench/evidence'
import { exportWords } from './workbench/export'
import { factWords } from './workbench/fact'
import { figureWords } from './workbench/figure'
import { launchWords } from './workbench/launch'
import { leaverWords } from './workbench/leaver'
import { logWords } from './workbench/log'
import { loginWords } from './workbench/login'
import { mirrorWords } from './workbench/mirror'
import { objectionWords } from './workbench/objection'
import { planWords } from './workbench/plan'
import { requestWords } from './workbench/request'
import { retentionWords } from './workbench/retention'
import { ruleWords } from './workbench/rule'
import { textWords } from './workbench/text'
import { untoldWords } from './workbench/untold'

/** Whoever loads the workbench's words loads these; the sidebar's first screen needs neither. */
export { wecom } from './wecom'

/** What managers, compliance and administrators read in the workbench. */
export const workbench = {
  refresh: '刷新',
  pick: '从左边选一项，详情会显示在这里',
  home: {
    to_tell: '还没告知 {count} 位',
    newcomers_late: '还没告知 {count} 位，其中 {late} 位超过一天',
    newcomers_untold: '新客户超过一天没告知 {count} 位',
    promises: '{total} 项',
    promises_soon: '{total} 项，{soon} 项明天前到期或逾期',
    duty: '等待接替 {total} 位',
    duty_due: '等待接替 {total} 位，{due} 件承诺快到期',
    leavers: '待分配 {count} 人',
    leavers_more: '待分配 {count} 人以上',
    exceptions: '例外 {count} 位',
    decide: '待您审批 {count} 份',
    decide_more: '待您审批 {count} 份以上',
    years_missing: '没有 {years} 年的放假安排',
    complaints_stopped: '投诉超过 30 天 {count} 件',
    complaints_red: '超过 15 个工作日 {count} 件',
    complaints_unassigned: '待安排 {count} 件',
    complaints_mine: '我经办 {count} 件',
    objections: '待答复 {count} 件',
    objections_late: '待答复 {count} 件，其中 {late} 件已过期',
    late: '第一次联系超期 {count} 位',
    late_more: '第一次联系超期 {count} 位以上',
    holds: '该复核的暂停删除 {count} 项',
    emergencies: '待说明 {count} 次',
    blocks: '待确认 {count} 件',
    signals: '待判断 {count} 件',
    packs: '{count} 个证据包待批准',
    packs_more: '{count} 个以上证据包待批准',
    corrections: '更正申请 {count} 件',
    launch: '上线前审查还没有签署',
    launch_sign: '上线前审查等您签署',
    bases_missing: '缺 {count} 项依据',
    mirror_running: '正在同步',
    mirror_never: '还没有同步过',
    mirror_failed: '上次同步没有完成',
  },
  check_kind: { stop: '必须处理', barred: '不能选', warn: '请留意' },
  check: {
    not_plannable: '已在接替中或已有结果，不能再分配',
    leaver_too_long_gone: '成员离职已超过一年，企业微信不再支持接替',
    leaver_inactive: '这位成员已停用或未激活，离职之前不能转接客户',
    moved_twice: '这位客户 90 天内已在职转接两次，企业微信暂不支持再转',
    successor_is_leaver: '接替成员就是离职成员本人',
    successor_left: '这位成员已经离职',
    successor_inactive: '这位成员未激活或已停用企业微信',
    successor_out_of_range: '这位成员不在应用的可见范围内',
    successor_without_contacts: '这位成员没有客户联系权限',
    already_follows: '这位成员已经是客户的联系人',
    refused_before: '客户拒绝过这位成员接替',
    objected_to: '客户要求换掉这位成员',
    year_ends_soon: '离一年期限很近，请尽快提交',
    successor_leaving: '这位成员也已登记离职，请换人',
    successor_unverified: '这位成员还没有在企业微信实名认证，请先认证或换人',
    successor_login: '这位成员一年内没有登录过企业微信，请先登录或换人',
    successor_untrained: '这位成员的培训已经过期，请先完成培训或换人',
    successor_on_leave: '这位成员正在休假，请确认有人先照看',
    successor_full: '超出这位成员的客户上限，请调高上限或换人',
    other_entity: '这位成员属于另一家公司主体，请换同一主体的成员',
    no_basis: '这类客户没有登记有效的法律依据，请合规人员在「依据与上线审查」里登记，由另一位同事确认',
    minor_not_permitted: '客户是孩子，这位成员没有服务未成年人的许可，请换人',
    complained_about: '客户投诉过这位成员，请换人',
    relative: '这位成员和客户是亲属，请换人',
    other: '没有通过检查（{code}）',
  },
  link: {
    title: '与企业微信的连接',
    state: { well: '正常', unsteady: '时好时坏', blocked: '限流等待中', down: '没有回应', refused: '需要管理员处理' },
    down: '企业微信从 {time} 起没有回应。下面是最后读到的数据；恢复后会自动继续提交，不用重复操作。',
    down_ever: '企业微信还没有回应过。恢复后会自动继续，不用重复操作。',
    blocked: '企业微信限流，约 {span}后自动继续，不用重复操作。',
    refused: '处理好之后会自动继续。',
    good_at: '最近一次正常回应：{time}',
    good_never: '还没有过正常回应',
    blocked_until: '限流，{time} 后自动继续',
    no_answer: '{time} 没有得到回应，会自动再试',
    events: '等待处理的企业微信通知：{count} 条',
    unknown: '收到本版本还不认识的通知「{event}」：',
    try: '马上再试一次',
    tried: '已开始，结果稍后显示',
  },
  mirror_line: {
    at: '与企业微信同步于 {time}',
    running: '正在与企业微信同步，数字还会变化',
    never: '还没有与企业微信同步过',
  },
  under_way: {
    title: '与企业微信之间',
    to_send: '{n} 位马上提交给企业微信',
    settling: '{n} 位已提交，正在等企业微信回应',
    waiting: '{n} 位在等客户（24 小时），最早 {first} 自动接替',
    waiting_any: '{n} 位在等客户，随时可能有结果',
    checking: '{n} 位待核对，在「例外」里处理',
    unconfirmed: '{n} 位超过 26 小时没有结果，系统会继续查询',
    blocked: '{n} 位暂时没有提交，原因处理好后自动继续',
    next: '{time} 自动再试。',
  },
  plan_state: {
    draft: '草稿',
    pending: '待审批',
    approved: '已通过',
    rejected: '已驳回',
    expired: '已过期',
    discarded: '已放弃',
  },
  plan_groups: {
    title: '客户群 {count} 个',
    rule: '已在群里的接替成员优先，其余平均分配。换群主立即生效，不用客户同意。',
    to: '由 {name} 任群主',
    now: '现在定为由 {name} 任群主',
    change_of: '更改 {name} 的新群主',
    changed: '已改为由 {name} 任群主',
    remove_note: '群会回到「待分配」。',
    more: '再显示 {n} 个',
  },
  ...departureWords,
  ...dutyWords,
  ...objectionWords,
  ...planWords,
  ...figureWords,
  ...launchWords,
  ...leaverWords,
  ...emergencyWords,
  ...evidenceWords,
  ...calendarWords,
  ...checklistWords,
  ...complaintWords,
  ...consentWords,
  ...loginWords,
  ...logWords,
  ...mirrorWords,
  ...exportWords,
  ...factWords,
  ...requestWords,
  ...retentionWords,
  ...ruleWords,
  ...textWords,
  ...untoldWords,
}
