/** What stands in an exported file beside the names of its columns. */
export const sheet = {
  /** The last column: whose file it is. */
  mark: '导出记录',
  sheet: '导出',
  file_name: '数据导出',
  customer_kind: { wechat: '微信', wecom: '企业微信', unknown: '未知' },
}
export type SheetWords = typeof sheet
