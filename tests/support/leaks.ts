import type { Page, Request } from 'playwright-core'

/** A value that may stand in one place only, and what is allowed to carry it. */
export interface Canary {
  name: string
  value: string
  /** Requests that may name it in their address or body, by `METHOD /path`. */
  mayGo?: RegExp
  /** Answers that may hold it, by `METHOD /path`. */
  mayCome?: RegExp
}

/** Any answer to one of our pages. */
export const ANYWHERE = /^/

const decoded = (url: string): string => {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/**
 * Watches everything the app's pages ask and are answered, and looks at what they keep and say (Q33). What is below
 * /__window plays WeCom and knows everything; it is left out.
 */
export function watchLeaks(canaries: () => readonly Canary[]) {
  const leaks = new Set<string>()
  const bodies: Promise<void>[] = []
  const seen = { requests: 0, answers: 0, screens: 0 }
  const what = (request: Request) => `${request.method()} ${new URL(request.url()).pathname}`
  const ours = (request: Request) => !/^\/(__window|connect)/.test(new URL(request.url()).pathname)
  const find = (where: string, text: string, allowed: (c: Canary) => boolean = () => false) => {
    for (const canary of canaries())
      if (text.includes(canary.value) && !allowed(canary)) leaks.add(`${canary.name} in ${where}`)
  }

  function onRequest(request: Request): void {
    if (!ours(request)) return
    seen.requests++
    const may = ({ mayGo }: Canary) => mayGo?.test(what(request)) ?? false
    find(`the address of ${what(request).slice(0, 40)}`, decoded(request.url()), may)
    find(`the body of ${what(request)}`, request.postData() ?? '', may)
    const { referer } = request.headers()
    // The way back from the login comes from WeCom's page; its Referer is none of ours.
    if (referer && !/^\/(__window|connect)/.test(new URL(referer).pathname)) leaks.add(`a Referer at ${what(request)}`)
  }

  return {
    seen,
    page(page: Page): void {
      page.on('request', onRequest)
      page.on('response', (response) => {
        const request = response.request()
        if (!ours(request) || !/json|html/.test(response.headers()['content-type'] ?? '')) return
        const text = response.text().then(
          (text) => {
            seen.answers++
            find(`the answer of ${what(request)}`, text, (c) => c.mayCome?.test(what(request)) ?? false)
          },
          () => undefined,
        )
        bodies.push(text)
      })
    },
    /** What the screen that is open now keeps and is called. */
    async screen(page: Page, at: string): Promise<void> {
      seen.screens++
      const [kept, title] = await page.evaluate(() => [
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
        document.title,
      ])
      find(`the storage at ${at}`, kept ?? '')
      find(`the title at ${at}`, title ?? '')
    },
    inLog(lines: readonly string[]): void {
      for (const line of lines) find(`the log line ${line.slice(0, 160)}`, line)
    },
    async done(): Promise<string[]> {
      await Promise.all(bodies)
      return [...leaks]
    },
  }
}
