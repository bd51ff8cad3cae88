// Named actions and their forms, both languages.

export interface ActionWords { /** Button, question, what was done: English, then Chinese. */ readonly label: readonly [string, string]; readonly ask: readonly [string, string]; readonly done: readonly [string, string] }

/** By resource and action. */
export const ACTION_WORDS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  accounts: {
    open: { label: ['Open account', '开立账户'], ask: ['A new customer account. Its calls may start as soon as it has a key.', '新的客户账户。拥有密钥后即可开始调用。'], done: ['The account is open.', '账户已开立。'] },
    issueKey: { label: ['Issue key', '签发密钥'], ask: ['The secret is shown once, right after this. It is stored nowhere and cannot be shown again.', '密钥将在签发后仅显示一次，不会存储，无法再次查看。'], done: ['The key works now.', '密钥已生效。'] },
    placeHold: { label: ['Place hold', '设置保全'], ask: ['From this moment on nothing of this account is purged, until the hold is released.', '自此时起，该账户的数据不会被清除，直至解除保全。'], done: ['The hold is in force.', '保全已生效。'] },
    close: { label: ['Close account', '关闭账户'], ask: ['Its keys stop working at once. The retention of its account information starts today.', '其密钥将立即失效，账户信息的留存期自今日起算。'], done: ['The account is closed.', '账户已关闭。'] },
    reopen: { label: ['Reopen account', '重新开立'], ask: ['Its keys that were not revoked work again.', '未被吊销的密钥将恢复可用。'], done: ['The account is open again.', '账户已重新开立。'] },
  },
  keys: { revoke: { label: ['Revoke key', '吊销密钥'], ask: ['Calls with this key are refused within a second, for good.', '使用该密钥的调用将在一秒内被永久拒绝。'], done: ['The key is revoked.', '密钥已吊销。'] } },
  confirmations: { withdraw: { label: ['Withdraw', '撤回'], ask: ['Calls of this account to this destination are refused from now on.', '该账户发往此目的地的调用自此将被拒绝。'], done: ['The confirmation is withdrawn.', '确认已撤回。'] } },
  providers: {
    suspend: { label: ['Suspend', '暂停'], ask: ['No gateway sends anything to this provider any more, within a second.', '所有网关将在一秒内停止向该提供商发送任何数据。'], done: ['The provider is suspended.', '提供商已暂停。'] },
    resume: { label: ['Resume', '恢复'], ask: ['Gateways may send to this provider again.', '网关可再次向该提供商发送数据。'], done: ['The provider is in use again.', '提供商已恢复使用。'] },
  },
  redaction: {
    addRule: { label: ['Add rule', '添加规则'], ask: ['What it looks for is flagged, masked or refused in calls that begin from now on, on every gateway within a second.', '自现在起开始的调用将按此规则标记、脱敏或拒绝，一秒内在所有网关生效。'], done: ['The rule is in force.', '规则已生效。'] },
    removeRule: { label: ['Remove rule', '移除规则'], ask: ['The rules behind it decide from now on. Without another rule nothing is looked for.', '此后由其后的规则决定；若无其他规则，则不再查找任何内容。'], done: ['The rule is removed.', '规则已移除。'] },
  },
  content_grants: {
    grant: { label: ['Grant', '授权留存'], ask: ['Content of this account’s calls is kept, sealed, for as long as you say here and no longer. Without a grant none ever is.', '该账户的调用内容将在此处限定的期限内加密留存，不会更久。没有授权则绝不留存。'], done: ['The grant is in force.', '授权已生效。'] },
    open: { label: ['Open content', '打开内容'], ask: ['Shows what was said in a call. Your name, the purpose and the reason are on record before you see it.', '将显示调用的内容。在您看到之前，您的姓名、用途与原因已记录在案。'], done: ['The opening is on record.', '打开已记录在案。'] },
    breakGlass: { label: ['Break glass', '紧急开启'], ask: ['Asks a second person to let you open one piece of content for a purpose its grant does not name. Approved, you have one hour.', '请求第二人批准您为授权之外的用途打开一份内容。批准后一小时内有效。'], done: ['The second person is asked.', '已请求第二人批准。'] },
    revoke: { label: ['Revoke', '撤销'], ask: ['Nothing more is kept under this grant, and what was kept is due for destruction at once.', '不再据此授权留存任何内容，已留存的内容立即到期待销毁。'], done: ['The grant is revoked.', '授权已撤销。'] },
  },
  audit: { verifyLedger: { label: ['Verify ledger', '验证账本'], ask: ['Checks every record against what was signed. Reads only; may take minutes on a large database.', '逐条核对记录与签名内容。仅读取；大型数据库可能需要数分钟。'], done: ['The verification runs; the home board shows its progress.', '验证已开始，主页显示进度。'] } },
  operators: {
    create: { label: ['Add operator', '添加操作员'], ask: ['A person who may sign in to this console. Give the password over another channel.', '可登录本控制台的人员。请通过其他渠道告知密码。'], done: ['The operator may sign in.', '操作员可以登录。'] },
    setRoles: { label: ['Change roles', '变更角色'], ask: ['Counts from the next click of the person concerned.', '自相关人员的下一次操作起生效。'], done: ['The roles are changed.', '角色已变更。'] },
    disable: { label: ['Disable', '停用'], ask: ['Ends every session of this person at the next click.', '该人员的所有会话将在下一次操作时结束。'], done: ['The operator is disabled.', '操作员已停用。'] },
    enable: { label: ['Enable', '启用'], ask: ['The person may sign in again.', '该人员可再次登录。'], done: ['The operator is enabled.', '操作员已启用。'] },
  },
};

/** Form fields: [English label, English help, Chinese label, Chinese help]. */
export const FIELD_WORDS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  reason: ['Reason', 'Stays on the ledger with your name.', '原因', '将与您的姓名一并记入账本。'],
  account_id: ['Account', 'Lower-case letters, digits and hyphens; cannot be changed later.', '账户', '小写字母、数字与连字符；之后不可更改。'],
  name: ['Name', '', '名称', ''],
  jurisdiction: ['Jurisdiction', 'Two-letter country code, such as DE or CN.', '司法辖区', '两位国家代码，例如 DE 或 CN。'],
  contact: ['Contact', 'E-mail or name of the person in charge.', '联系人', '负责人的邮箱或姓名。'],
  cross_border_only: ['Only across borders', 'Only where the provider processes outside the account’s jurisdiction.', '仅限跨境', '仅适用于提供商在账户司法辖区之外处理的情形。'],
  rule_provider: ['Provider', 'Id of a provider; empty: any.', '提供商', '提供商标识；留空表示任意。'],
  rule_destination: ['Processed in', 'Two-letter country code; empty: anywhere.', '处理地', '两位国家代码；留空表示任意。'],
  rule_account: ['Account', 'Id of an account; empty: any.', '账户', '账户标识；留空表示任意。'],
  rule_model: ['Model', 'Name, or * at its end for any ending; * alone for every model.', '模型', '模型名称；以 * 结尾匹配任意结尾，单独的 * 匹配所有模型。'],
  outcome: ['What becomes of it', 'Flag: kinds and counts go on record. Mask: values are replaced before they leave. Refuse: the call does not go there. Off: an exception from the rules behind.', '处理方式', '标记：记录种类与数量。脱敏：发出前替换。拒绝：不经此路由发出。关闭：作为其后规则的例外。'],
  redacted_kinds: ['Looked for', 'None chosen: all of them.', '查找内容', '不选表示全部。'],
  rule_place: ['Place in the list', 'The first matching rule decides.', '在列表中的位置', '由首条匹配的规则决定。'],
  requests_per_minute: ['Requests per minute', 'Leave empty for no limit.', '每分钟请求数', '留空表示不限。'],
  tokens_per_minute: ['Tokens per minute', 'Leave empty for no limit.', '每分钟令牌数', '留空表示不限。'],
  key_name: ['Name of the key', 'Tells the account’s keys apart, such as “production”.', '密钥名称', '用于区分同一账户的密钥，例如“production”。'],
  matter: ['Matter', 'Number or name of the case, dispute or order.', '事由', '案件、争议或命令的编号或名称。'],
  requester: ['Requested by', 'Person or authority that asks for the hold.', '请求方', '要求保全的个人或机关。'],
  hold_basis: ['Basis', 'Law, contract or order behind it.', '依据', '所依据的法律、合同或命令。'],
  review_on: ['Review on', 'Day on which someone must look at it again.', '复核日', '须再次审查的日期。'],
  data_types: ['Data types', 'Choose none to cover all, also later ones.', '数据类型', '不选则覆盖全部，包括以后的。'],
  data_type: ['Data type', '', '数据类型', ''],
  keep: ['Keep for', 'ISO 8601 period: P12M, P3Y, P30D; P0D keeps nothing.', '留存期限', 'ISO 8601 期限：P12M、P3Y、P30D；P0D 表示不留存。'],
  starts_at: ['Counted from', 'Leave open for the usual clock of the data type.', '起算点', '不选则使用该数据类型的常规起算点。'],
  source: ['Source', 'Law, contract or decision the period comes from.', '出处', '期限所依据的法律、合同或决定。'],
  request_id: ['Request id', 'Ours, the provider’s or the client’s.', '请求编号', '本网关、提供商或客户端的编号均可。'],
  purpose: ['Purpose', 'One of the published purposes; recorded.', '用途', '公布的用途之一；将被记录。'],
  language: ['Language', '', '语言', ''],
  question: ['Question', 'What the pack shall answer; printed on its cover.', '问题', '证据包要回答的问题，印于封面。'],
  grant_kind: ['Kind', 'Troubleshooting: the customer asked, 72 hours at most. Security review: with a reason, 30 days at most.', '类型', '故障排查：应客户要求，最长 72 小时。安全审查：须说明原因，最长 30 天。'],
  sides: ['What is kept', '', '留存内容', ''],
  side: ['Which side', '', '哪一侧', ''],
  authorised_by: ['Authorised by', 'The customer’s person who asked; required for troubleshooting.', '授权人', '提出要求的客户人员；故障排查必填。'],
  valid_days: ['Days', 'How long the grant lasts, 1 to 30.', '天数', '授权有效天数，1 至 30。'],
  keep_hours: ['Keep each piece for hours', 'Leave empty for the longest its kind allows.', '每份内容留存小时数', '留空则为该类型允许的最长时间。'],
  models: ['Only these models', 'Names separated by commas; leave empty for all.', '仅限模型', '名称以逗号分隔；留空表示全部。'],
  trigger: ['Which calls', '', '哪些调用', ''],
  sample_percent: ['Sample in percent', '', '抽样百分比', ''],
  case_ref: ['Case', 'Number of the case it is opened for, when there is one.', '案件', '如有，请填写相关案件编号。'],
  email: ['E-mail', '', '电子邮箱', ''],
  roles: ['Roles', '', '角色', ''],
  password: ['Password', 'At least 12 characters.', '密码', '至少 12 个字符。'],
};

/** What an answer shows once: [English, Chinese]. */
export const RESULT_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  key_id: ['Key id', '密钥编号'], key_secret: ['Secret (shown only now)', '密钥（仅此一次显示）'], hold_id: ['Hold', '保全编号'], protects_until: ['Protects until', '保护至'],
  content: ['Content', '内容'], approval_id: ['Approval', '批准编号'], expires_at: ['Kept until', '留存至'], truncated: ['Its end was not kept', '末尾部分未留存'], pieces_due: ['Pieces due now', '立即到期的份数'],
  already_removed: ['Already removed before the hold', '设置保全前已删除'], advice: ['Please note', '请注意'], run_id: ['Run', '清除编号'],
};
