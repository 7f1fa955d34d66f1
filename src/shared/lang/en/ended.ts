import type { ended as zh } from '../zh-CN/ended'

export const ended: typeof zh = {
  title: 'You are signed out and this page was cleared',
  cause: 'The login was ended elsewhere: you may have signed out, or the account can no longer be used here.',
  help: 'To go on, please log in again. If that does not work, ask your administrator.',
}
