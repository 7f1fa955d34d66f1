import type { Section, Table } from './section'

const plain = (value: string | number | null): string =>
  String(value ?? '—')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** One page for people, in the order of compliance 9.2: no script, nothing loaded, made to be printed. */
export function reportOf(title: string, facts: readonly [string, string][], sections: readonly Section[]): string {
  const nav = sections.map(
    (s) =>
      `<li><a href="#${s.letter}">${s.letter} ${plain(s.title)}</a>${s.missing.length ? ' <b>含缺项</b>' : ''}</li>`,
  )
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${plain(title)}</title><style>${STYLE}</style></head><body>
<h1>${plain(title)}</h1>
<dl>${facts.map(([k, v]) => `<dt>${plain(k)}</dt><dd>${plain(v)}</dd>`).join('')}</dl>
<ol class="nav">${nav.join('')}</ol>
${sections.map(sectionOf).join('\n')}
</body></html>
`
}

const sectionOf = (s: Section): string => `<section id="${s.letter}"><h2>${s.letter} ${plain(s.title)}</h2>
${s.notes.map((n) => `<p>${plain(n)}</p>`).join('')}
${s.missing.length ? `<table><caption>缺</caption><tr><th>内容</th><th>原因</th><th>可由谁补充</th></tr>${s.missing.map((m) => `<tr><td>${plain(m.what)}</td><td>${plain(m.why)}</td><td>${plain(m.who)}</td></tr>`).join('')}</table>` : ''}
${s.tables.map(tableOf).join('\n')}
<p class="small">遮蔽：${plain(s.redaction)}</p></section>`

const tableOf = (t: Table): string =>
  t.rows.length
    ? `<div class="wide"><table><caption>${plain(t.title)}</caption><thead><tr>${t.head.map((h) => `<th>${plain(h)}</th>`).join('')}</tr></thead><tbody>
${t.rows.map((r) => `<tr>${r.map((v) => `<td>${plain(v)}</td>`).join('')}</tr>`).join('\n')}
</tbody></table></div>`
    : `<p><b>${plain(t.title)}</b>：没有记录</p>`

const STYLE = `
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;color:#111;background:#fff;max-width:1100px;margin:0 auto;padding:16px}
h1{font-size:22px}h2{font-size:18px;border-bottom:1px solid #999;padding-bottom:4px;margin-top:32px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
.nav{list-style:none;padding:0;columns:2}.nav b{color:#a40}
table{border-collapse:collapse;width:100%;margin:12px 0;font-size:13px}caption{text-align:left;font-weight:600;padding:4px 0}
th,td{border:1px solid #bbb;padding:3px 6px;text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}th{background:#eee}
.wide{overflow-x:auto}.small{font-size:12px;color:#555}
@media print{body{max-width:none;padding:0;font-size:11pt}.wide{overflow:visible}section{break-inside:auto}h2{break-after:avoid}tr{break-inside:avoid}a{color:inherit;text-decoration:none}}
`
