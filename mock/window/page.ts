const BRIDGE = '<script src="/__window/bridge.js"></script>'

/** The client puts its bridge in before the page's own scripts run (wecom-facts 6.6, rule 2). */
export function withBridge(html: string): string {
  const head = /<head(?:\s[^>]*)?>/i.exec(html)
  if (!head) return BRIDGE + html
  const at = head.index + head[0].length
  return html.slice(0, at) + BRIDGE + html.slice(at)
}

/** The native client shows pages at top level; here a frame plays it, so only the rule about frames is loosened. */
export function letFrame(headers: Headers): void {
  const policy = headers.get('content-security-policy')
  if (policy)
    headers.set('content-security-policy', policy.replace(/frame-ancestors\s[^;]*/i, "frame-ancestors 'self'"))
  if (headers.has('x-frame-options')) headers.set('x-frame-options', 'SAMEORIGIN')
}
