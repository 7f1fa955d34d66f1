import { t } from '../lib/words'

/** A customer in a list. Of those whom somebody long gone left behind WeCom tells not even a name. */
export const customerWords = ({ shortName, company }: { shortName: string; company: string | null }): string =>
  [shortName, company].filter(Boolean).join(' · ') || t('app.customer_unnamed')
