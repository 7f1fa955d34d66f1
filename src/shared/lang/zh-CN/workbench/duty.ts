/** Whoever answers while WeCom waits. */
export const dutyWords = {
  duty: {
    title: '值班',
    failed: '暂时读不到值班的客户',
    none: '现在没有等您值班的客户',
    none_cause: '方案通过后，客户要等大约 24 小时才由接替成员服务。方案指定您值班时，会出现在这里。',
    what: '这些客户正在等待接替。这段时间由您答复；接替完成后，没办完的承诺自动到接替成员那里，不用转交。',
    counts: '共 {total} 位客户，{due} 件承诺明天前到期',
    from: '原由 {from}，将由 {successor} 接替',
    until: '约 {time} 接替',
    sending: '正在提交给企业微信',
    by: '{name} 答应的',
    keep: '已办好',
    keep_of: '已办好：{text}',
    kept: '已记下',
    later: '另有 {n} 件承诺未到期，由接替成员办',
    no_due: '没有快到期的承诺',
  },
}
