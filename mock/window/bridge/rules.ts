/** `getContext().entry` as the desk can show it (wecom-facts 6.5). */
export type NativeEntry = 'single_chat_tools' | 'group_chat_tools' | 'normal'

export interface Rule {
  /** First client version that has it (wecom-facts 6.5, 11.4). */
  since: string
  /** Where it may be called; anywhere when absent. */
  entries?: NativeEntry[]
  /** Needs app identity (agentConfig), a member with 客户联系 and an app in 可调用应用. */
  customers?: true
  /** Works before any config. */
  free?: true
}

const chats: NativeEntry[] = ['single_chat_tools', 'group_chat_tools']

/** Desktop client. What is not here does not exist on it, `navigateToAddCustomer` for one. */
export const rules: Record<string, Rule> = {
  preVerifyJSAPI: { since: '1.0.0', free: true },
  agentConfig: { since: '2.5.0', free: true },
  checkJsApi: { since: '1.0.0', free: true },
  getContext: { since: '3.0.24' },
  getCurExternalContact: { since: '2.8.10', entries: ['single_chat_tools'], customers: true },
  getCurExternalChat: { since: '2.8.17', entries: ['group_chat_tools'], customers: true },
  sendChatMessage: { since: '2.8.10', entries: chats, customers: true },
  openEnterpriseChat: { since: '2.0.0' },
  openUserProfile: { since: '2.4.20' },
  openDefaultBrowser: { since: '2.3.0' },
  setClipboardData: { since: '3.1.2' },
  closeWindow: { since: '2.0.0' },
  hideOptionMenu: { since: '2.0.0' },
  showOptionMenu: { since: '2.0.0' },
}
