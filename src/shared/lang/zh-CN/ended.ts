/** What is left on a page whose session was ended. Shown to leavers, too: neutral, and what to do. */
export const ended = {
  title: '您已退出，这一页的内容已清除',
  cause: '登录已在别处结束：可能是您退出了登录，也可能是账号在这里不能再使用。',
  help: '需要继续使用的话，请重新登录；不能登录时，请联系您的管理员。',
}
