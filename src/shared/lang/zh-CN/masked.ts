/** What stands where something is not shown. */
export const masked = {
  id_number: '〔证件号〕',
  bank_card: '〔银行卡，尾号 {last}〕',
  health: '〔健康信息〕',
  finance: '〔财务信息〕',
  child: '〔未成年人信息〕',
  judgement: '〔主观评价〕',
  names: {
    id_number: '证件号',
    bank_card: '银行卡号',
    health: '健康信息',
    finance: '财务信息',
    child: '未成年人信息',
    judgement: '主观评价',
  },
  and: '、',
  bands: ['≤1千元', '1千–1万元', '1–5 万', '5–10 万', '10–50 万', '50–100 万', '100–500 万', '500–1000 万', '≥1000 万'],
}
export type MaskedWords = typeof masked
