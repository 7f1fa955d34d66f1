import type { MaskedWords } from '../zh-CN/masked'

export const masked: MaskedWords = {
  id_number: '[ID number]',
  bank_card: '[bank card ending {last}]',
  health: '[health information]',
  finance: '[financial information]',
  child: '[information about a child]',
  judgement: '[personal judgement]',
  names: {
    id_number: 'an ID number',
    bank_card: 'a bank card number',
    health: 'health information',
    finance: 'financial information',
    child: 'information about a child',
    judgement: 'a personal judgement',
  },
  and: ', ',
  bands: ['≤¥1k', '¥1k–10k', '¥10k–50k', '¥50k–100k', '¥100k–500k', '¥500k–1m', '¥1m–5m', '¥5m–10m', '≥¥10m'],
}
