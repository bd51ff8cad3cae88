// Words of cases: moves, fields, states and choices, both languages.
import type { ActionWords } from './actions.js';
import { MACHINES } from '../../../domain/cases/index.js';

type Pair = readonly [string, string];
const RECORDED: Pair = ['Recorded with your name.', '将连同您的姓名一并记录。'], DONE: Pair = ['Done and on the ledger.', '已完成并记入账本。'];
const APPROVES: Pair = ['You vouch for what others prepared. It is recorded with your name, and you cannot do their part of this case.', '您对他人准备的内容负责。此操作将连同您的姓名记录，您不能再承担本案件中他们的部分。'];
const ENDS: Pair = ['This ends the case and cannot be taken back. The release of its hold is asked for.', '此操作将结束案件且不可撤销，并将申请解除其保全。'];

/** Button of every move; where a question differs from the usual one it stands behind it. */
const MOVES: Readonly<Record<string, readonly [string, string, Pair?]>> = {
  take_up: ['Take up', '受理'], select_evidence: ['Select evidence', '选定证据', ['Counts the calls concerned and freezes the query.', '统计相关调用并冻结查询。']], approve_evidence: ['Approve evidence', '批准证据'], return_evidence: ['Send back', '退回'],
  submit: ['Submit', '提交', ['Says that the evidence has left the house. It cannot be taken back.', '表示证据已对外提交，不可撤销。']], settle: ['Settle', '和解结案'], win: ['Decided for us', '裁决有利'], lose: ['Decided against us', '裁决不利'], withdraw: ['Withdraw', '撤回'],
  complete_intake: ['Intake complete', '完成登记'], confirm_authenticity: ['It is authentic', '确认真实'], fail_authenticity: ['Not authentic', '并非真实'], pass_jurisdiction: ['May be answered from here', '可由此答复'], block: ['Blocked by statute', '被法规阻断'],
  narrow: ['Ask to narrow', '要求缩小范围'], preserve: ['Preserve only', '仅保全', ['Holds the data for the authority; nothing is handed over.', '为机关保全数据，不交付任何内容。']], extend_preservation: ['Extend preservation', '延长保全'], follow_up_arrives: ['Process arrived', '收到正式文书'], let_lapse: ['Let it lapse', '保全失效'],
  challenge: ['Challenge', '提出异议'], challenge_upheld: ['Challenge upheld', '异议成立'], challenge_dismissed: ['Challenge dismissed', '异议驳回'], reject: ['Reject', '拒绝'], propose_scope: ['Propose scope', '提出范围'], approve_counsel: ['Approve as counsel', '法务批准'],
  approve_second: ['Approve as second', '第二人批准'], return_scope: ['Send back', '退回'], authorise_emergency: ['Authorise emergency', '紧急授权', ['Collects without prior approval. Two people must approve within 24 hours afterwards.', '未经事先批准即收集，须在 24 小时内由两人事后批准。']],
  collect: ['Collect', '收集', ['Counts what is asked for and freezes the query with a digest of exactly these records.', '统计所要求的内容，并以这些记录的摘要冻结查询。']], collect_again: ['Collect again', '重新收集'], minimise: ['Minimised', '完成最小化'], approve_release: ['Approve release', '批准交付'], return_release: ['Send back', '退回'],
  release: ['Release', '交付', ['Says that the data is handed over, and enters it into the disclosure log. It cannot be taken back.', '表示数据已交付并记入披露登记，不可撤销。']], record_receipt: ['Record receipt', '登记回执'], record_emergency_receipt: ['Record receipt', '登记回执'], approve_post_1: ['Approve afterwards as counsel', '法务事后批准'],
  approve_post_2: ['Approve afterwards as second', '第二人事后批准'], deny_post: ['Deny approval', '拒绝事后批准', ['Says that the emergency release should not have happened; it has to be reported.', '表示该紧急交付不应发生，须予报告。']], report_irregular: ['Reported', '已报告'], give_notice: ['User notified', '已通知用户'],
  delay_notice: ['Delay notice', '推迟通知'], prohibit_notice: ['Notice prohibited', '禁止通知'], omit_notice_emergency: ['No notice: emergency', '紧急：不通知'],
  acknowledge: ['Acknowledge', '确认收到'], ask_identity: ['Ask for identity', '要求证明身份'], verify_identity: ['Identity verified', '身份已核实'], fail_identity: ['Not verified', '无法核实'], clarify: ['Ask what is meant', '要求澄清'], set_scope: ['Set scope', '确定范围'],
  propose_answer: ['Propose answer', '提出答复'], approve_answer: ['Approve answer', '批准答复'], approve_erasure_report: ['Approve erasure report', '批准删除报告'], return_answer: ['Send back', '退回'], propose_refusal: ['Propose refusal', '提议拒绝'], approve_refusal: ['Approve refusal', '批准拒绝'],
  return_refusal: ['Send back', '退回'], check_holds: ['Check floors and holds', '核查留存与保全', ['Finds what laws and holds forbid to erase, and starts the wait before anything is erased.', '查明法律与保全禁止删除的内容，并开始删除前的等待期。']], approve_erasure: ['Approve erasure', '批准删除', ['From here the account is closed and what may go goes. You vouch for it as another person.', '此后将关闭账户并删除可删除内容。您作为另一人对此负责。']],
  execute_erasure: ['Execute erasure', '执行删除', ['Closes the account now. What laws and holds forbid stays, restricted, with its reason.', '立即关闭账户。法律与保全禁止删除的内容将受限保留并注明理由。']], verify_erasure: ['Count what is left', '核对剩余'], respond: ['Answer sent', '已答复'], extend: ['Extend', '延期'], mark_duplicate: ['Duplicate', '重复'],
};

const opening = (label: Pair, ask: Pair): ActionWords => ({ label, ask, done: ['The case is open.', '案件已开立。'] });
const LINK: ActionWords = { label: ['Link account or calls', '关联账户或调用'], ask: ['Names the account the case concerns, once, or adds calls to it.', '指定案件所涉账户（仅一次），或添加调用。'], done: ['Linked.', '已关联。'] };

function wordsOfMoves(kind: keyof typeof MACHINES): Record<string, ActionWords> {
  return Object.fromEntries(MACHINES[kind].moves.map((move) => {
    const [english, chinese, ask] = MOVES[move.name] ?? [move.name, move.name], ends = move.to !== undefined && MACHINES[kind].ends.includes(move.to);
    return [move.name, { label: [english, chinese], ask: ask ?? (move.approval ? APPROVES : ends ? ENDS : RECORDED), done: DONE }];
  }));
}

export const CASE_ACTION_WORDS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  disputes: { open: opening(['Open a dispute', '开立争议'], ['About one call or several of one account. A hold keeps its data from now on.', '针对同一账户的一次或多次调用。自此其数据将被保全。']), link: LINK, ...wordsOfMoves('dispute') },
  lawful_requests: { open: opening(['Register a request', '登记请求'], ['What an authority asks for. File the instrument next; its hash goes on record.', '机关所要求的内容。随后请提交文书，其哈希将记录在案。']), link: LINK, ...wordsOfMoves('lawful_request') },
  subject_requests: { open: opening(['Register a request', '登记请求'], ['What a person asks about his or her own data. The clock runs from the day of receipt.', '个人就其自身数据提出的请求。期限自收到之日起算。']), link: LINK, ...wordsOfMoves('subject_request') },
};

/** [English label, English help, Chinese label, Chinese help] */
export const CASE_FIELD_WORDS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  request_ids: ['Request ids', 'Ours, the provider’s or the client’s; several are separated by spaces.', '请求编号', '本网关、提供商或客户端的编号；多个以空格分隔。'], case_account: ['Account', 'Short name of the account, where it is known.', '账户', '账户短名称（如已知）。'],
  topic: ['About', '', '事项', ''], complaint: ['Complaint', 'What is disputed, in the words of who raised it.', '投诉内容', '以提出者的表述说明争议。'], raised_by: ['Raised by', '', '提出者', ''], received_at: ['Received at', 'With offset, such as 2026-11-24T10:00+01:00; empty means now.', '收到时间', '须含时差，例如 2026-11-24T10:00+01:00；留空表示现在。'],
  respond_by: ['Respond by', 'Date in the notice; empty means the house target.', '答复期限', '通知中的日期；留空则采用内部目标。'], note: ['Note', '', '备注', ''], findings: ['Findings', 'Facts only; each has to be in the records.', '查明事实', '仅限事实，且须见于记录。'], period_from: ['From', '', '起始日', ''], period_to: ['To', 'This day included.', '截止日', '含当日。'],
  sent_to: ['Sent to', '', '提交对象', ''], reference: ['Reference', '', '文号', ''], sent_on: ['Sent on', '', '发送日', ''], resolution: ['Resolution', '', '处理结果', ''], decided_on: ['Decided on', '', '裁决日', ''],
  authority: ['Authority', '', '机关', ''], country: ['Country', 'Two-letter code of the authority’s country.', '国家', '机关所在国家的两位代码。'], instrument_type: ['Instrument', '', '文书种类', ''], channel: ['Came by', '', '来件方式', ''], served_on: ['Served on', '', '送达日', ''], due_on: ['Due on', 'Date the instrument sets; empty means the preset of its regime.', '到期日', '文书规定的日期；留空则采用所属制度的预设。'],
  regime: ['Regime', 'Decides which deadlines are suggested.', '适用制度', '决定建议的期限。'], emergency: ['Emergency: danger to life or limb', '', '紧急：危及生命或身体', ''], asked_for: ['Asked for', '', '请求内容', ''], checked_by: ['Checked by', '', '核验方式', ''], officer: ['Officer', 'Who confirmed it at the authority.', '承办人员', '机关中的确认人。'],
  entity_served: ['Entity served', '', '受送达主体', ''], holding_country: ['Data held in', 'Two-letter code.', '数据所在地', '两位代码。'], statutes: ['Statutes considered', 'Ids of the blocking statutes that apply, as the refusal names them.', '已考虑的法规', '适用的阻断法规编号，见拒绝提示。'], statute_ground: ['Ground to pass', '', '放行依据', ''], statute_reference: ['Where it is written', '', '依据出处', ''],
  asked_on: ['Asked on', '', '询问日', ''], narrowing: ['Narrowing', 'Time, selectors and data types left after it.', '缩小内容', '缩小后的时间、条件与数据类型。'], ground: ['Ground', '', '理由', ''], filed_on: ['Filed on', '', '提交日', ''], legal_basis: ['Legal basis', '', '法律依据', ''], left_out: ['Left out', 'What was asked for and is not answered, and why.', '未纳入部分', '被请求但不予答复的内容及原因。'],
  danger: ['Danger', '', '危险', ''], taken_out: ['Taken out', 'What was removed because it was not asked for.', '剔除内容', '因未被请求而剔除的内容。'], rejected_part: ['Rejected part', '', '拒绝部分', ''], recipient: ['Recipient', '', '接收方', ''], delivery: ['Delivered by', '', '交付方式', ''], pack_sha256: ['SHA-256 of the pack', '', '证据包 SHA-256', ''], cost: ['Cost claimed', '', '主张费用', ''],
  received_on: ['Received on', '', '签收日', ''], receipt: ['Receipt', 'Who confirmed it and how.', '回执', '确认人及方式。'], follow_up: ['Follow-up process', 'Reference of the instrument that followed.', '后续文书', '后续文书的文号。'], reported_to: ['Reported to', '', '报告对象', ''], reported_on: ['Reported on', '', '报告日', ''], told_on: ['Told on', '', '告知日', ''], told_how: ['Told how', '', '告知方式', ''],
  notice_until: ['Delayed until', '', '推迟至', ''], gag_reference: ['Order that delays it', '', '推迟命令', ''], prohibition: ['Prohibition', 'Law or order that forbids telling the user.', '禁止依据', '禁止通知用户的法律或命令。'],
  right: ['Right', '', '权利', ''], law: ['Law', 'Decides which deadlines are suggested.', '适用法律', '决定建议的期限。'], subject: ['Person', 'Who asks.', '申请人', '提出请求的人。'], subject_contact: ['Contact of the person', '', '申请人联系方式', ''], identity_asked: ['Asked for', '', '要求内容', ''], identity_tier: ['Verified by', '', '核实方式', ''], identity_evidence: ['Evidence', 'Files of the role “identity” are destroyed by this step.', '核实依据', '此步骤将销毁“身份”类文件。'],
  clarification: ['Question', '', '澄清问题', ''], answer: ['Answer', '', '答复', ''], refused_part: ['Refused part', '', '拒绝部分', ''], refusal_ground: ['Ground of refusal', '', '拒绝理由', ''], report_sent_on: ['Report sent on', '', '报告发送日', ''], third_parties_told: ['Third parties told', 'Who got the data and was told to delete it.', '已告知的第三方', '曾接收数据并被要求删除的第三方。'], backups: ['Backups', 'Until when copies last.', '备份', '副本保留至何时。'],
  sent_how: ['Sent how', '', '发送方式', ''], duplicate_of: ['Duplicate of', '', '与之重复', ''],
};

/** States, choices, clocks and roles of files. */
export const CASE_VALUES: Readonly<Record<string, Pair>> = {
  ...Object.fromEntries(Object.entries(MOVES).map(([name, [english, chinese]]) => [name, [english, chinese] as Pair])), open: ['Opened', '开立'],
  opened: ['Opened', '已开立'], working: ['Being worked on', '处理中'], review: ['In review', '审查中'], approved: ['Approved', '已批准'], submitted: ['Submitted', '已提交'], resolved: ['Settled', '已和解'], won: ['Won', '胜诉'], lost: ['Lost', '败诉'],
  intake: ['Intake', '登记'], authenticity: ['Authenticity check', '真实性核验'], jurisdiction: ['Jurisdiction gate', '管辖审查'], preserved: ['Preserved', '已保全'], challenged: ['Challenged', '异议中'], approval_1: ['Waits for approval', '待批准'], approval_2: ['Waits for a second approval', '待第二人批准'],
  collecting: ['To be collected', '待收集'], minimising: ['Being minimised', '最小化中'], release_approval: ['Waits for the word to release', '待批准交付'], releasing: ['May be released', '可交付'], delivered: ['Delivered', '已交付'], post_approval_1: ['Waits for approval afterwards', '待事后批准'], post_approval_2: ['Waits for a second approval afterwards', '待第二人事后批准'],
  irregular: ['Irregular', '不合规'], notice: ['Notice to be decided', '待定通知'], notice_due: ['Notice delayed', '通知已推迟'], lapsed: ['Lapsed', '已失效'],
  registered: ['Registered', '已登记'], identity: ['Identity', '身份'], scoping: ['Scope', '确定范围'], refusal_approval: ['Refusal waits for approval', '拒绝待批准'], hold_check: ['Floors and holds to be checked', '待核查留存与保全'], cooling_off: ['Wait before erasure', '删除前等待'], executing: ['To be erased', '待删除'], counting: ['To be counted', '待核对'],
  responding: ['To be answered', '待答复'], unverified: ['Not verified', '未核实'], duplicate: ['Duplicate', '重复'], in_time: ['In time', '期限内'], amber: ['Comes due', '即将到期'], red: ['Nearly due', '临近到期'], overdue: ['Overdue', '已逾期'], acknowledgement: ['Acknowledgement', '确认收到'], decision: ['Decision', '裁决'], preservation: ['Preservation', '保全'], emergency_approval: ['Approval afterwards', '事后批准'],
  dispute: ['Dispute', '争议'], lawful_request: ['Lawful request', '依法请求'], subject_request: ['Subject request', '个人请求'], service: ['Service', '服务'], chargeback: ['Chargeback', '拒付'], card_scheme: ['Card scheme', '卡组织'], acquirer: ['Acquirer', '收单行'], customer: ['Customer', '客户'], court: ['Court', '法院'], ombudsman: ['Ombudsman', '调解机构'],
  explained: ['Explained', '已解释'], corrected: ['Corrected', '已更正'], refunded: ['Refunded', '已退款'], credited: ['Credited', '已抵扣'], goodwill: ['Goodwill', '善意补偿'], subpoena: ['Subpoena', '传票'], court_order: ['Court order', '法院命令'], search_warrant: ['Search warrant', '搜查令'], production_order: ['Production order', '提交令'],
  preservation_request: ['Preservation request', '保全请求'], emergency_request: ['Emergency request', '紧急请求'], national_security: ['National security', '国家安全'], other: ['Other', '其他'], post: ['Post', '邮寄'], e_mail: ['E-mail', '电子邮件'], portal: ['Portal', '门户'], in_person: ['In person', '当面'], fax: ['Fax', '传真'], phone: ['Phone', '电话'],
  eu_e_evidence: ['EU e-Evidence', '欧盟电子证据'], us_sca: ['US Stored Communications Act', '美国存储通信法'], call_back: ['Call back to a known number', '回拨已知号码'], known_domain: ['Known domain', '已知域名'], portal_identity: ['Identity of the portal', '门户身份'], court_register: ['Court register', '法院登记'], in_person_identity: ['Identity shown in person', '当面出示身份'],
  authority_approval: ['Approval of the competent authority', '主管机关批准'], international_agreement: ['International agreement', '国际协定'], domestic_order: ['Domestic order', '本国命令'], no_protected_data: ['No protected data', '不含受保护数据'], encrypted_portal: ['Encrypted portal', '加密门户'], encrypted_mail: ['Encrypted mail', '加密邮件'], sealed_medium: ['Sealed medium', '密封介质'], in_person_handover: ['In person', '当面交付'],
  access: ['Access', '查阅'], portability: ['Portability', '可携带'], correction: ['Correction', '更正'], erasure: ['Erasure', '删除'], gdpr: ['GDPR', '欧盟 GDPR'], ccpa: ['CCPA', '加州 CCPA'], pipl: ['PIPL', '个人信息保护法'], session_reauthenticated: ['Signed in and authenticated again', '已登录并重新验证'], e_mail_and_two_facts: ['E-mail and two facts', '邮件及两项事实'], document: ['Document', '证件'],
  whole: ['Whole', '全部'], partial: ['Partial', '部分'], rights_of_others: ['Rights of others', '他人权利'], legal_obligation: ['Legal obligation', '法定义务'], legal_claims: ['Legal claims', '法律主张'], no_such_data: ['No such data', '无此数据'], manifestly_unfounded: ['Manifestly unfounded', '明显无据'], excessive: ['Excessive', '过度'], instrument: ['Instrument', '文书'], correspondence: ['Correspondence', '往来函件'], evidence: ['Evidence', '证据'],
};

/** Columns of the lists and tables: [English label, English help, Chinese label, Chinese help]. */
export const CASE_PROPERTIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  case_id: ['Case id', 'Id of the case.', '案件标识', '案件的标识。'], number: ['Case', 'Number for people; gap-free within a kind and year.', '案件编号', '供人使用的编号；同类同年内连续无缺。'], stage: ['Clock', 'How near the next deadline is.', '期限状态', '距下一期限的远近。'], due_at: ['Due', 'When the next deadline ends; a midnight is the end of the day before.', '到期', '下一期限的终点；午夜即前一日终了。'],
  opened_by: ['Opened by', 'Who opened it.', '开立人', '开立案件的人。'], opened_at: ['Opened', 'When it was opened.', '开立时间', '开立的时间。'], moved_at: ['Last move', 'When something happened last.', '最近操作', '最近一次操作的时间。'], ended_at: ['Ended', 'When it ended.', '结束时间', '案件结束的时间。'], facts: ['What was said', 'The newest word to each question.', '已述内容', '各问题的最新陈述。'], release_asked_at: ['Release of the hold asked', 'When somebody was asked to release the hold of the ended case.', '申请解除保全', '案件结束后申请解除保全的时间。'],
  move: ['Step', 'What was done.', '步骤', '所做的操作。'], from_state: ['From', 'State before.', '原状态', '之前的状态。'], to_state: ['To', 'State after.', '新状态', '之后的状态。'], fields: ['Said', 'What was said with it.', '陈述', '随之陈述的内容。'], effects: ['Effects', 'What it did beside moving.', '效果', '除推进外的效果。'],
  clock: ['Clock', 'Which deadline.', '期限', '哪一项期限。'], amber_at: ['Amber', 'From when it comes due.', '预警', '开始即将到期的时间。'], red_at: ['Red', 'From when it is nearly due.', '告急', '临近到期的时间。'], extended_at: ['Extended', 'When it was extended.', '延期时间', '延期的时间。'], stopped_at: ['Stopped', 'When what it waited for was done.', '停止', '所待事项完成的时间。'],
  role: ['Role', 'What the file is.', '用途', '文件的用途。'], stored_by: ['Stored by', 'Who filed it.', '提交人', '提交文件的人。'], stored_at: ['Stored', 'When it was filed.', '提交时间', '提交的时间。'], destroyed_at: ['Destroyed', 'When the file was destroyed; its record stays.', '销毁时间', '文件销毁的时间；记录仍保留。'], linked_by: ['Linked by', 'Who linked it.', '关联人', '关联的人。'], linked_at: ['Linked', 'When it was linked.', '关联时间', '关联的时间。'],
  collected_by: ['Collected by', 'Who ran the query.', '收集人', '执行查询的人。'], parameters: ['Parameters', 'What was asked for.', '参数', '查询的内容。'], counts: ['Counts', 'Rows and digest of their ids by type.', '计数', '各类型的行数与编号摘要。'], digest: ['Digest', 'SHA-256 over parameters and counts.', '摘要', '参数与计数的 SHA-256。'],
  emergency_lane: ['Emergency lane', 'Released without prior approval; two people approve afterwards.', '紧急通道', '未经事先批准即交付，须由两人事后批准。'],
  disclosure_id: ['Disclosure', 'Id of the entry.', '披露编号', '登记的标识。'], rows: ['Rows', 'How many records were handed over.', '行数', '交付的记录数。'], approvers: ['Approvers', 'Who approved it, in order.', '批准人', '依次批准的人。'], extractor: ['Collected by', 'Who collected.', '收集人', '收集数据的人。'], reviewer: ['Reviewed by', 'Who proposed the scope.', '审查人', '提出范围的人。'], includes_bodies: ['With content', 'Whether texts of calls were among it.', '含内容', '是否包含调用正文。'], account_ids: ['Accounts', 'Accounts concerned.', '账户', '所涉账户。'], collection_digest: ['Digest', 'Of the frozen query.', '摘要', '冻结查询的摘要。'],
};

/** Names of lists: [English, Chinese, English subtitle, Chinese subtitle]. */
export const CASE_RESOURCE_NAMES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  disputes: ['Disputes', '争议', 'Billing and service disputes, from the page of a call to their end.', '计费与服务争议，自调用页面至结案。'],
  lawful_requests: ['Lawful requests', '依法请求', 'What authorities ask for. Nothing leaves on one person’s word.', '机关的请求。任何内容均不得仅凭一人之言对外提供。'],
  subject_requests: ['Subject requests', '个人请求', 'What people ask about their own data: access, portability, correction, erasure.', '个人就其数据提出的请求：查阅、可携带、更正、删除。'],
  disclosures: ['Disclosure log', '披露登记', 'What was handed to authorities. Append-only; made by the release of a case alone.', '已向机关交付的内容。仅可追加，且仅由案件的交付产生。'],
};

export const CASE_TEXTS: Readonly<Record<string, Pair>> = {
  'group.cases': ['Cases', '案件'], 'frame.transparency': ['Transparency report', '透明度报告'],
  'section.timeline': ['Timeline', '时间线'], 'section.clocks': ['Clocks', '期限'], 'section.files': ['Files', '文件'], 'section.linked_calls': ['Linked calls', '关联调用'], 'section.collections': ['Frozen queries', '冻结查询'], 'section.case_hold': ['Hold', '保全'], 'section.disclosed': ['Disclosed', '已披露'],
  'files.none': ['No file yet.', '尚无文件。'], 'files.add': ['Add a file', '添加文件'], 'files.role': ['What is it?', '文件用途'], 'files.file': ['File (at most 20 MB)', '文件（最大 20 MB）'], 'files.store': ['Store sealed', '密封保存'], 'files.stored': ['The file is stored and its hash is on record.', '文件已保存，其哈希已记录。'], 'files.destroyed': ['destroyed {{at}}', '已于 {{at}} 销毁'], 'files.choose': ['Choose a file first.', '请先选择文件。'],
  'lookup.around': ['Calls of the same key around it', '同一密钥的前后调用'], 'lookup.noneAround': ['None within a day.', '前后一天内没有其他调用。'], 'lookup.thisCall': ['This call', '本次调用'],
  'lookup.openDispute': ['Open a dispute', '开立争议'], 'lookup.disputeOpened': ['Dispute {{number}} is open.', '争议 {{number}} 已开立。'], 'lookup.toCase': ['Go to the case', '前往案件'],
  'home.cases': ['Open cases', '未结案件'], 'home.casesDue': ['{{overdue}} overdue, {{due}} come due', '逾期 {{overdue}} 件，即将到期 {{due}} 件'], 'home.casesCalm': ['No deadline is near', '暂无临近期限'],
  'task.disputes_overdue': ['Disputes overdue: {{n}}', '逾期争议：{{n}} 件'], 'task.lawful_requests_overdue': ['Lawful requests overdue: {{n}}', '逾期依法请求：{{n}} 件'], 'task.subject_requests_overdue': ['Subject requests overdue: {{n}}', '逾期个人请求：{{n}} 件'],
  'task.disputes_due': ['Disputes that come due: {{n}}', '即将到期的争议：{{n}} 件'], 'task.lawful_requests_due': ['Lawful requests that come due: {{n}}', '即将到期的依法请求：{{n}} 件'], 'task.subject_requests_due': ['Subject requests that come due: {{n}}', '即将到期的个人请求：{{n}} 件'], 'task.case_approvals': ['Cases that wait for a second person: {{n}}', '待第二人处理的案件：{{n}} 件'],
  'transparency.title': ['Transparency report', '透明度报告'], 'transparency.intro': ['Requests of authorities that reached us in the period, by country and instrument. Counts from 1 to 4 are not told.', '期间内收到的机关请求，按国家与文书种类统计。1 至 4 的计数不予公布。'], 'transparency.from': ['From', '起始日'], 'transparency.to': ['To (this day included)', '截止日（含当日）'], 'transparency.show': ['Show', '查看'],
  'transparency.empty': ['No request reached us in this period.', '该期间未收到请求。'], 'transparency.country': ['Country', '国家'], 'transparency.instrument': ['Instrument', '文书种类'], 'transparency.all': ['All', '合计'], 'transparency.csv': ['Download CSV', '下载 CSV'], 'transparency.json': ['Download JSON', '下载 JSON'], 'transparency.log': ['Disclosure log as CSV', '披露登记 CSV'],
  'figure.requests': ['Requests', '请求'], 'figure.accounts': ['Accounts', '账户'], 'figure.disclosed': ['Answered with data', '提供数据'], 'figure.rejected': ['Rejected', '拒绝'], 'figure.challenged': ['Challenged', '提出异议'], 'figure.narrowed': ['Narrowed', '缩小范围'], 'figure.emergency': ['Emergency', '紧急'], 'figure.preservation': ['Preservation', '保全'], 'figure.user_notified': ['User notified', '已通知用户'],
};

/** Facts shown as columns go by the words of their fields. */
export const FACT_PROPERTIES: Readonly<Record<string, readonly [string, string, string, string]>> = Object.fromEntries(Object.entries(CASE_FIELD_WORDS).map(([name, [label, help, chinese, chineseHelp]]) => [name, [label, help || label, chinese, chineseHelp || chinese]]));
