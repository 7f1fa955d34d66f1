/** Without the characters at its end that `tail` matches one by one: a pattern with `+$` takes the square of the length. */
export function trimTail(text: string, tail: RegExp): string {
  let end = text.length
  while (end > 0 && tail.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
