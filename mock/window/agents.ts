/** User agents as seen in the field (wecom-facts 6.1). The SDK reads `wxwork/…` and nothing else. */
export const NEWEST = '5.0.11'

export const wecomAgent = (version: string, language: 'zh' | 'en' = 'zh'): string =>
  'Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.5304.110 Safari/537.36 ' +
  `Language/${language} ColorScheme/Light wxwork/${version} (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail ` +
  'embeddisk wwmver/3.26.511.637 noMediaCs/true'

export const acceptLanguage = { zh: 'zh-CN,zh;q=0.9', en: 'en-US,en;q=0.9' } as const

export const WECHAT_AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 ' +
  'MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/zh_CN'

/** Pages customers open from a chat: WeChat shows them, without any login of ours. */
export const isCustomerPage = (path: string): boolean => path.startsWith('/n/')

/** true where `version` is at least `least`, number by number. */
export function atLeast(version: string, least: string): boolean {
  const [a, b] = [version.split('.').map(Number), least.split('.').map(Number)]
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return true
}
