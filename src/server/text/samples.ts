import { printDay, printMinute } from '../../shared/day'
import type { Language } from '../../shared/lang/fill'
import { letterWith } from '../../shared/textbuiltin'
import type { Parts, Words } from '../../shared/text'
import { listsNow } from '../db/text'
import type { Config } from '../lib/config'
import { secretToken } from '../lib/id'

const latest = new Date('2026-12-31T15:59:00Z')

/** The longest real value of every place (compliance 3.2): settings as they are, the longest names there are, a real link. */
export function samplesFor(config: Config, names: readonly string[], page: Words): Record<Language, Parts> {
  const [longest = '王', second = longest] = names
  const of = (language: Language): Parts => {
    const zh = language === 'zh-CN'
    const words = letterWith(language, page[language])
    const { visible, hidden } = listsNow()
    const named = (classes: typeof visible) => classes.map((c) => words.fields[c].name).join(words.listed)
    const day = printDay(latest, language)
    return {
      ...{
        company: config.COMPANY_NAME,
        tel: config.HOTLINE,
        mail: config.PRIVACY_MAIL,
        person: config.PRIVACY_CONTACT,
      },
      ...{ address: config.COMPANY_ADDRESS, department: config.COMPLAINT_DEPARTMENT },
      alternative: config.ALTERNATIVE_CHANNEL,
      ...{ old: longest, new: second, who: second, last: second, staff: longest, date: day, until: day, deadline: day },
      ...{ time: printMinute(latest, language), visible: named(visible), hidden: named(hidden), version: '100' },
      url: `${config.PUBLIC_URL}/n/${sampleToken}`,
      rules: config.PUBLIC_URL,
      purpose: words.purpose,
      data: words.fields.F4.name,
      matter: words.fields.F4.name,
      changed: zh ? '客服电话和个人信息保护联系人已更换' : 'the hotline and the data protection contact',
      ...{ receipt: 'HR-20261231-000000', number: 'TS-20261231-0000' },
      result: zh ? '已为您更换服务人员并核对了记录' : 'another colleague serves you now',
      child: zh ? '孩子' : 'your child',
    }
  }
  return { 'zh-CN': of('zh-CN'), en: of('en') }
}

/** Looks like one and opens nothing. */
const sampleToken = secretToken()
