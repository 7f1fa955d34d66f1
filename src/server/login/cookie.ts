/** `__Host-` needs https; only the simulator's http://localhost goes without. */
export const cookieName = (publicUrl: string): string => (publicUrl.startsWith('https:') ? '__Host-jiebang' : 'jiebang')

/** `Lax`, because WeCom's authorize page sends the browser back from another site. */
export const cookieOptions = (publicUrl: string) =>
  ({ httpOnly: true, secure: publicUrl.startsWith('https:'), sameSite: 'Lax', path: '/' }) as const
