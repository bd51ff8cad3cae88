// Words of packs: their kinds and states, and the forms. [English, Chinese] unless said.
import type { ActionWords } from './actions.js';

/** Values of columns and choices that no other list has. */
export const PACK_VALUES: Readonly<Record<string, readonly [string, string]>> = {
  dispute: ['one call (dispute)', '单次调用（争议）'], scheme_exhibit: ['exhibit for a card scheme', '卡组织争议证据摘要'], lawful_request: ['production to an authority', '向机关提供'], subject_access: ['data of one account', '一个账户的数据'],
  audit_period: ['records of a period', '一段期间的记录'], purge_certificate: ['certificate of a purge', '清除证明'], custom: ['selected records', '选定的记录'],
  key_id: ['API key', 'API 密钥'], session_id: ['session', '会话'], caller_region: ["caller's region", '调用方地区'], client_request_id: ["client's id", '客户端编号'], upstream_request_id: ["provider's id", '提供商编号'],
  served_model: ['model that answered', '应答的模型'], upstream_model: ['model at the provider', '提供商处的模型'], upstream_host: ['host', '主机'], path: ['path', '路径'],
  actor_id: ["actor's id", '操作者编号'], actor_name: ['actor', '操作者'], reason: ['reason', '原因'], before: ['state before', '之前状态'], after: ['state after', '之后状态'], address: ['address', '地址'], detail: ['detail', '详情'], operator_id: ['operator', '操作员'],
  assembling: ['assembling', '组装中'], cancelled: ['cancelled', '已取消'], purged: ['file removed', '文件已删除'],
};

export const PACK_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = { packs: {
  requestPack: { label: ['Request pack', '申请证据包'], ask: ['A sealed PDF that anyone can verify without us: of one call, an account, a period or a purge. The request is recorded with its purpose.', '任何人均可独立验证的签章 PDF：关于一次调用、一个账户、一段期间或一次清除。申请及其用途将被记录。'], done: ['The pack is being assembled.', '证据包正在组装。'] },
  cancelPack: { label: ['Stop', '停止'], ask: ['Ends the assembly. Ask again for another pack.', '终止组装。如有需要请重新申请。'], done: ['The pack is stopped.', '已停止。'] },
  comparePack: { label: ['Run again and compare', '重新运行并比较'], ask: ['Runs the frozen query again and says which records were purged under a certificate, are missing, are new or were changed.', '重新运行冻结的查询，并说明哪些记录已依证明清除、缺失、新增或被更改。'], done: ['The query was run again.', '查询已重新运行。'] },
  linkPack: { label: ['Make a link', '创建链接'], ask: ['Somebody without an account can download the pack by it. It is shown once, expires, is counted, and each use is recorded.', '无账户者可凭此下载。链接仅显示一次，会过期、计次，且每次使用均被记录。'], done: ['Hand the link over by a channel you trust; it is not shown again.', '请经可信渠道转交；链接不会再次显示。'] },
  revokeLinks: { label: ['Revoke links', '撤销链接'], ask: ['Every link to this pack ends at once.', '该证据包的所有链接立即失效。'], done: ['The links are revoked.', '链接已撤销。'] },
} };

/** [English label, English help, Chinese label, Chinese help] */
export const PACK_FIELDS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  kind: ['Kind', 'What the pack is about.', '种类', '证据包的主题。'], run_id: ['Purge run', 'For a certificate of a purge.', '清除批次', '用于清除证明。'],
  from_day: ['From', 'First day of the period.', '起始日', '期间的第一天。'], until_day: ['Until (excluded)', 'First day that is no longer in it.', '截止日（不含）', '不再包含的第一天。'],
  pack_data_types: ['Data types', 'Empty means those of the kind.', '数据类型', '留空则采用该种类的默认值。'], case_number: ['Case number', 'Printed on the cover.', '案件编号', '印于封面。'],
  pack_authority: ['Authority', 'For a production to an authority.', '机关', '用于向机关提供。'], pack_instrument: ['Instrument', 'Order or letter that asks for it.', '文书', '要求提供的命令或函件。'],
  redact: ['Take out', 'These fields are in neither pages nor attachments.', '删去', '这些字段既不在页面也不在附件中。'], recipient: ['Recipient', 'Who gets the link.', '收件人', '链接的接收者。'],
  link_days: ['Days', '1 to 30.', '天数', '1 至 30。'], most_downloads: ['Downloads', 'At most this many, 1 to 100.', '下载次数', '至多，1 至 100。'],
};

export const PACK_PROPERTIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  case_number: ['Case', 'Number of the case it belongs to.', '案件', '所属案件的编号。'], volumes: ['Volumes', 'Files that hold the records, when there are too many for one.', '分卷', '记录过多时的文件数。'],
  progress: ['Progress', 'How far the assembly is: rows and pages.', '进度', '组装进度：行数与页数。'], redact: ['Taken out', 'Fields taken out beside those of the template.', '已删去', '除模板外删去的字段。'], purged_at: ['File removed', 'When the file was removed, its data being due.', '文件删除时间', '数据到期而删除文件的时间。'],
};

export const PACK_RESULTS: Readonly<Record<string, readonly [string, string]>> = {
  compared: ['Comparison', '比较结果'], pack_link: ['Link (shown only now)', '链接（仅此一次显示）'], ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`difference_${index + 1}`, [`Difference ${index + 1}`, `差异 ${index + 1}`] as const])),
};
