/** M (SPC Evidence Rules 93): how these records come to be, who could alter them, what they do not prove. */
export const METHOD = (facts: {
  role: string
  appendOnly: boolean
  stamped: number
  heads: number
  authority: string | null
}) => `# 方法说明

## 记录怎样形成
1. 每一次操作与每一次查看，都在同一个数据库事务里写下一条日志；操作失败则日志也没有，反之亦然。时间由服务器给出（UTC，毫秒）。
2. 日志里只有内部编号、动作、类别与摘要，没有姓名、电话、备注或客户原话。需要绑定的个人内容以该人专用密钥的 HMAC-SHA-256 记录；密钥销毁后，日志仍可验证，而该人不可还原。
3. 每条日志按 RFC 8785 写成一行 JSON，含上一条的哈希（prev_hash）；哈希 = SHA-256(0x00 ‖ 该行)。
4. 每小时，全部日志哈希构成一棵树（节点 = SHA-256(0x01 ‖ 左 ‖ 右)，按小于 n 的最大二的幂分开，形状同 RFC 6962/9162，但叶子是日志哈希本身，故不称符合该标准）。树根、条数、时间由 Ed25519 密钥签名，称为树头。
5. 每天早晨，最新树头发到合规人员的企业微信，也可随时从“证据”页下载另存。

## 外部时间戳
${facts.authority ? `已配置 RFC 3161 时间戳服务（${facts.authority}）。本包 ${facts.heads} 个树头中 ${facts.stamped} 个已加盖；令牌原文在 proofs/stamps/。` : '无外部时间戳：时间只由本公司的服务器给出。'}
公证、司法区块链：本包没有使用。

## 谁能改
- 程序所用的数据库角色 ${facts.role}：${facts.appendOnly ? '对日志与历史只能读取和追加，数据库拒绝其修改、删除、清空、改表或移除触发器。' : '**能够修改日志**（本次安装只用一个数据库角色）。'}
- 数据库的所有者（由公司保管）能够停用触发器并改写。改一处、删一条、换两条、截去末尾，都会在验证时指出位置；截尾与全部重写，只有与先前存于外部的树头比对才能发现。
- 持有签名密钥与数据库、且外部没有任何树头副本的人，可以重造一切。因此请使用 --head 与另存的树头比对。

## 它证明什么，不证明什么
证明：列出的条目自所示树头起没有被改、删、换。不证明：第一次写入的内容属实；系统以外发生的事；照片与口头的外传。

## 本包怎样形成
在一个数据库快照中，选出与本案编号有关的全部条目：离职成员所做的一切、以及提到本案的离职、客户、交接、方案、批次、告知、异议、投诉、承诺的每一条。选择条件与被时间范围去掉的条数按类型记在 A 与 manifest.json；不因内容有利或不利而取舍。同样的数据得到同样的字节（时间除外）。报告为 HTML 而非 PDF：无需专门软件，可直接打印。
`

export const VERIFY = `# 如何验证

需要 Node.js 20 或更新版本，不需要网络，不需要本公司的任何程序：

    node verify.mjs 本包.zip
    node verify.mjs 本包.zip --head 另存的树头.json

verify.mjs 只有一个文件，可以先读后用。它检查：manifest.json 的签名；每个文件的 SHA-256；events.ndjson 每一行都在树头之下；日志从每个已导出的树头只增长到最新；树头的签名；时间戳。哪个文件、哪一条不对，会直接说出。

不用 verify.mjs 也可以：
- 文件：\`sha256sum 文件\`，与 manifest.json 比对。
- 一条日志：\`(printf '\\000'; sed -n 1p events.ndjson | tr -d '\\n') | sha256sum\` 是它的哈希，按 proofs/inclusion.json 的路径逐级计算到树根（算法见 RFC 9162 第 2.1.3 节）。
- 时间戳：\`openssl ts -verify -in proofs/stamps/N.tsr -data 树头文本 -CAfile proofs/tsa-ca.pem\`，树头文本为 \`{"key":…,"log":"jiebang audit v1","root":…,"size":…,"time":…}\`（无空格）。

时间戳的根证书 proofs/tsa-ca.pem 来自本包，请确认它属于您认可的机构。
`
