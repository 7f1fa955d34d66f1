/** Whether the server has masked something in it that may be shown in full for a reason (shared/mask.ts). */
export const hidesSome = (text: string): boolean => /\*{3}|[–≤≥]/.test(text)
