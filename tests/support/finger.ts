/** What a finger does on a page of ours, and what a line does to what was sent: put into the page before its own scripts. */
export interface Finger {
  /** Presses what is called so, each of `times` in the same moment; false: nothing to press. */
  press(name: string, times?: number): boolean
  type(label: string, words: string): boolean
  field(label: string): string | null
  /** What this button would send, and of which field: two sheets are there while one leaves and the next comes. */
  sends(name: string): { label: string; words: string } | null
  says(words: string): boolean
  /** Waits until one of these words is on the page, a control's name included; its place, -1: none came. */
  wait(words: string[], ms?: number): Promise<number>
  /** What the line does to requests of the app from now on. */
  line: { loss: number; seed: number; held: boolean }
  /** Answers that were held back come now. */
  release(): void
}

declare global {
  interface Window {
    finger: Finger
  }
}

/** Runs in the page, so it stands on nothing outside of itself. */
export function putFinger(): void {
  const real = window.setTimeout.bind(window)
  const nameOf = (e: Element) =>
    e.getAttribute('aria-label') ??
    (e.textContent.trim() || (e.querySelector('[aria-label]')?.getAttribute('aria-label') ?? ''))
  const seen = (e: Element) => e.getClientRects().length > 0
  const find = (name: string) =>
    [...document.querySelectorAll<HTMLButtonElement>('button,a[href]')].filter(
      (e) => nameOf(e).startsWith(name) && seen(e) && !e.disabled,
    )
  const fieldOf = (label: string) =>
    [...document.querySelectorAll<HTMLTextAreaElement>('textarea')].find(
      (e) => seen(e) && document.querySelector(`label[for="${e.id}"]`)?.textContent.trim() === label,
    )
  // A page that was only just begun has no body.
  const text = () => (document.body as HTMLElement | null)?.innerText ?? ''
  const says = (words: string) => text().includes(words) || find(words).length > 0
  const line = { loss: 0, seed: 1, held: false }
  const chance = () => (line.seed = (line.seed * 48271) % 2147483647) / 2147483647
  const back: (() => void)[] = []
  window.finger = {
    line,
    says,
    press(name, times = 1) {
      const [found] = find(name)
      for (let i = 0; i < times; i++) found?.click()
      return Boolean(found)
    },
    type(label, words) {
      const found = fieldOf(label)
      if (!found) return false
      found.value = words
      found.dispatchEvent(new Event('input', { bubbles: true }))
      return true
    },
    field: (label) => fieldOf(label)?.value ?? null,
    sends(name) {
      const field = find(name)[0]?.closest('form')?.querySelector('textarea')
      const label = field && document.querySelector(`label[for="${field.id}"]`)?.textContent.trim()
      return label ? { label, words: field.value } : null
    },
    async wait(words, ms = 3000) {
      for (let waited = 0; ; waited += 20) {
        const at = words.findIndex(says)
        if (at >= 0 || waited >= ms) return at
        await new Promise((done) => real(done, 20))
      }
    },
    release() {
      line.held = false
      for (const go of back.splice(0)) go()
    },
  }
  // Before the effect: never sent. After it: sent, and the answer lost. Held: the answer comes late.
  const sendNow = XMLHttpRequest.prototype.send
  XMLHttpRequest.prototype.send = function send(this: XMLHttpRequest, body) {
    const lost = chance() < line.loss
    if (lost && chance() < 0.5) return void real(() => this.dispatchEvent(new ProgressEvent('error')), 5)
    const end = this.onloadend
    if (lost || line.held) {
      this.onloadend = null
      this.addEventListener('loadend', (event) => {
        if (lost) this.dispatchEvent(new ProgressEvent('error'))
        else if (line.held) back.push(() => end?.call(this, event))
        else end?.call(this, event)
      })
    }
    sendNow.call(this, body)
  }
}
