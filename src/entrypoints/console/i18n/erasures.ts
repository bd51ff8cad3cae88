// Words of erasures of one subject: [English, Chinese], or [English label, English help, Chinese label, Chinese help].
import type { ActionWords } from './actions.js';

type Pair = readonly [string, string];

export const ERASURE_TEXTS: Readonly<Record<string, Pair>> = {
  'frame.erasure': ['Erasure', '个人数据删除'],
  'erasure.title': ['Erasure of one subject', '单一主体数据删除'],
  'erasure.intro': ['An account, or one end user of it by his sessions. What may go is erased on the word of two people; what a law or a hold keeps is restricted, and goes by itself when it may.', '一个账户，或其中一位最终用户（按会话）。可删除的内容经两人同意后删除；法律或保全要求保留的内容将受限存储，到期自动删除。'],
  'erasure.who': ['Whose data?', '谁的数据？'], 'erasure.types': ['Data types (none chosen: all)', '数据类型（不选则为全部）'], 'erasure.preview': ['Preview', '预览'], 'erasure.ask': ['Restrict, and ask a second person', '立即限制并提交第二人审批'],
  'erasure.rows': ['On record', '在册行数'], 'erasure.goes': ['Will be erased', '将被删除'], 'erasure.stays': ['Will be restricted', '将被限制'], 'erasure.until': ['Goes after', '可删除时间'], 'erasure.why': ['Why it stays', '保留原因'],
  'erasure.nothing': ['Nothing of this subject is on record.', '没有该主体的记录。'], 'erasure.held': ['as long as the hold lasts', '直至保全解除'], 'erasure.whyfloor': ['Law', '法律'], 'erasure.whybooks': ['Books', '账簿'], 'erasure.whyhold': ['Hold', '保全'], 'erasure.whyapproval': ['Not approved yet', '尚未批准'],
  'erasure.counted': ['Counted. {{erased}} rows would be erased, {{kept}} restricted.', '统计完成：{{erased}} 行将被删除，{{kept}} 行将被限制。'],
  'erasure.list': ['Latest erasures', '最近的删除'], 'erasure.none': ['No erasure yet. One from a subject request starts in its case; others start above.', '尚无删除。来自个人请求的删除在其案件中开始，其他的在上方开始。'],
  'erasure.waits': ['Waits for a second person', '等待第二人审批'], 'erasure.waitsCase': ['Waits for the second person of case {{number}}', '等待案件 {{number}} 的第二人'], 'erasure.begins': ['Approved; begins with the next move of the case', '已批准；随案件的下一步开始'], 'erasure.soon': ['Begins within a minute', '一分钟内开始'],
  'erasure.progress': ['{{done}} of {{total}} rows of {{type}}', '{{type}}：{{total}} 行中的 {{done}} 行'], 'erasure.over': ['{{erased}} rows erased, {{kept}} restricted', '已删除 {{erased}} 行，{{kept}} 行受限'], 'erasure.certificates': ['Certificates', '证书'], 'erasure.account': ['account', '账户'], 'erasure.sessions': ['sessions of', '会话，属于'],
  'section.restricted': ['What stays, restricted', '受限保留的内容'], 'section.erasure_runs': ['Purge runs', '清除任务'], 'section.case_packs': ['Packs', '证据包'], 'section.case_told': ['Text for the person', '致本人的文字'], 'section.case_erasure': ['Erasure', '删除'], 'section.case_restricted': ['What stays, restricted', '受限保留的内容'],
  'approvals.erasure': ['{{erased}} erased, {{kept}} restricted {{until}}', '删除 {{erased}} 行，限制 {{kept}} 行 {{until}}'],
};

export const ERASURE_VALUES: Readonly<Record<string, Pair>> = {
  erased: ['Erased', '已删除'], account: ['Account', '账户'], session: ['Sessions of it', '其会话'], 'erase.subject': ['Erase a subject’s data', '删除主体数据'], gdpr_17: ['GDPR art. 17', 'GDPR 第 17 条'], ccpa_1798_105: ['CCPA § 1798.105', 'CCPA § 1798.105'], pipl_47: ['PIPL art. 47', '《个人信息保护法》第 47 条'],
  contract_ended: ['The contract ended', '合同终止'], unlawful_processing: ['Processed without a basis', '处理无合法依据'],
};

export const ERASURE_RESULTS: Readonly<Record<string, Pair>> = {
  pack_id: ['Pack', '证据包'], account_closed: ['Account closed', '账户已关闭'], collection_id: ['Frozen query', '冻结查询'], destroyed_files: ['Destroyed files', '已销毁的文件'], release_asked: ['Release of the hold asked for', '已申请解除保全'], erasure_id: ['Erasure', '删除编号'], restricted: ['Restricted now', '现已限制'], erasure: ['What would go, what stays', '将删除与将保留'], outcome: ['What was erased, what stays', '已删除与仍保留'], certificates: ['Certified runs', '已出证的任务'], refused: ['Refused part', '拒绝部分'],
  notice_en: ['Text for the person (English)', '致本人的文字（英文）'], notice_zh: ['Text for the person (Chinese)', '致本人的文字（中文）'], restriction_lifted: ['Restriction lifted', '限制已解除'],
};

export const ERASURE_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = { erasures: {
  ask: { label: ['Restrict, and ask a second person', '立即限制并提交第二人审批'], ask: ['From now on this data is hidden from ordinary reading. Nothing is erased before another person approves exactly what was counted.', '自此这些数据不再向一般查阅显示。在另一人批准所统计的内容之前，不会删除任何数据。'], done: ['The data is restricted, and a second person is asked.', '数据已限制，并已提交第二人审批。'] },
  cancel: { label: ['Cancel', '取消'], ask: ['Nothing was erased. The restriction is lifted.', '尚未删除任何数据，限制将解除。'], done: ['The erasure is cancelled.', '删除已取消。'] },
} };

export const ERASURE_FIELDS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  erase_account: ['Account', 'Its short name.', '账户', '账户简称。'], erase_sessions: ['Sessions', 'Only if one end user of the account is meant: ids of his sessions, apart by spaces or lines.', '会话', '仅在针对账户的某位最终用户时填写：其会话编号，以空格或换行分隔。'],
  ground: ['Ground', '', '依据', ''], sessions: ['Sessions of the end user', 'Ids as his calls bear them, apart by spaces or lines. Without them the whole account is the subject.', '最终用户的会话', '其调用所带的会话编号，以空格或换行分隔；不填则以整个账户为主体。'],
  erase_types: ['Data types', 'None chosen: all.', '数据类型', '不选则为全部。'],
  refused_types: ['Refused data types', 'Of a partial answer: these are not erased.', '拒绝的数据类型', '部分答复时：这些类型不予删除。'],
};

export const ERASURE_PROPERTIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  erasure_id: ['Erasure', 'Id of the erasure.', '删除编号', '删除的编号。'], erasure_subject: ['Subject', 'The whole account, or sessions of it.', '主体', '整个账户，或其会话。'], ground: ['Ground', 'On which ground it was asked for.', '依据', '申请删除的依据。'],
  asked_by: ['Asked by', 'Who took it on.', '申请人', '受理人。'], asked_at: ['Asked', 'From this moment on the data is restricted.', '申请时间', '自此时起数据受限。'], approved_by: ['Approved by', 'The second person.', '批准人', '第二人。'], approved_at: ['Approved', 'When.', '批准时间', '批准的时间。'],
  before: ['Rows until', 'Rows made from then on are no part of it; empty while the account closes.', '行的截止', '此后产生的行不在其内；账户关闭时为空。'], still_restricted: ['Still restricted', 'Rows that a law or a hold keeps.', '仍受限', '法律或保全要求保留的行数。'],
  goes_at: ['Goes after', 'When the last of it may go; it goes by itself with the first purge after it.', '可删除时间', '最后一行可删除的时间，届时自动删除。'], why: ['Why it stays', 'A law, the books, a hold, or that nobody has approved yet.', '保留原因', '法律、账簿、保全，或尚未批准。'], since: ['Since', 'Restricted since.', '起始', '限制起始时间。'], lifted_at: ['Ended', 'Nothing of it is left, or it was lifted.', '结束', '已无剩余，或已解除。'],
  sessions: ['Sessions', 'How many; their ids are shown nowhere.', '会话', '会话数；编号不予显示。'],
  notice_en: ['In English', 'To be edited and sent by whoever answers.', '英文', '由答复人编辑并发送。'], notice_zh: ['In Chinese', 'To be edited and sent by whoever answers.', '中文', '由答复人编辑并发送。'], urgency: ['Nearness', 'How near the deadline is; empty when it has stopped.', '紧急程度', '距期限的远近；已停止则为空。'],
  newest_pack: ['Newest pack', 'SHA-256 of the newest pack of the case that is ready.', '最新证据包', '本案件最新就绪证据包的 SHA-256。'],
  outcome: ['Outcome', 'By data type.', '结果', '按数据类型。'], case_number: ['Case', 'The subject request it belongs to.', '案件', '所属的个人请求。'], rows_kept: ['Restricted rows', 'Exact when it was counted.', '受限行数', '统计时的准确数。'],
};

export const ERASURE_RESOURCE_NAMES: Readonly<Record<string, readonly [string, string, string, string]>> = { erasures: ['Erasures', '删除记录', 'Erasures of one subject: what went, what stays restricted, and on whose word.', '单一主体的数据删除：已删除与受限保留的内容，以及批准人。'] };
