import type { SheetWords } from '../zh-CN/sheet'

export const sheet: SheetWords = {
  mark: 'Exported by',
  sheet: 'Export',
  file_name: 'data-export',
  customer_kind: { wechat: 'WeChat', wecom: 'WeCom', unknown: 'unknown' },
}
