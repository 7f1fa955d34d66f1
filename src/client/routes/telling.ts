import type { Language } from '../../shared/lang/fill'
import { prepareNotice } from '../../shared/notice'
import { call } from '../lib/api'
import { t } from '../lib/words'

/** What the sending sheet is given to tell a customer of one handover. */
export const noticeToSend = (handover: string) => ({
  intend: (language: Language) => call(prepareNotice, { handover, language }),
  title: t('sidebar.notice.title'),
  act: t('sidebar.notice.send'),
  sentCause: t('sidebar.notice.sent_cause'),
})

/** The same for a customer who is new to the company; its words come with FirstCard. */
export const firstNotice = (customer: string) => ({
  of: 'first' as const,
  async intend(language: Language) {
    const { prepareFirst } = await import('../../shared/newcomer')
    return { ...(await call(prepareFirst, { customer, language })), link: '', card: { title: '', text: '' } }
  },
  title: t('working.newcomer.tell'),
  act: t('sidebar.notice.send'),
  sentCause: t('working.newcomer.sent_cause'),
})
