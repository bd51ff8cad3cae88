// Words of policies, holds, approvals and purges as the console of retention knows them: [English, Chinese].
import type { ActionWords } from './actions.js';

type Pair = readonly [string, string];

export const RETENTION_TEXTS: Readonly<Record<string, Pair>> = {
  'frame.retention': ['Retention policies', '留存策略'], 'frame.approvals': ['Approvals', '审批'], 'frame.pending': ['{{n}} wait', '{{n}} 项待审批'],
  'home.heldOverdue': ['{{n}} overdue rows are held', '{{n}} 行到期数据因保全保留'],
  'task.approvals_pending': ['{{n}} requests wait for a second person', '{{n}} 项申请等待第二人审批'], 'task.holds_overdue': ['{{n}} holds are past their review day', '{{n}} 个保全已过复核日'], 'task.paused_purges': ['{{n}} purge runs are paused', '{{n}} 个清除任务已暂停'], 'task.policies_scheduled': ['{{n}} policies take effect soon; until then they can be withdrawn', '{{n}} 项策略即将生效，此前可撤回'],
  'approvals.title': ['Approvals', '审批'], 'approvals.intro': ['What destroys sooner, or can destroy, happens on the word of two people. Nobody approves what he asked for himself.', '凡会提早或可能销毁数据的操作，须经两人确认。任何人不得审批自己的申请。'],
  'approvals.pending': ['Waiting', '待审批'], 'approvals.nothing': ['Nothing waits for a second person.', '没有待审批的申请。'], 'approvals.decided': ['Decided lately', '近期已决定'], 'approvals.decidedBy': ['{{name}}, {{at}}', '{{name}}，{{at}}'], 'approvals.details': ['Details', '详情'],
  'approvals.own': ['You asked for this yourself; another person has to decide.', '此申请由您提出，须由他人决定。'], 'approvals.exactly': ['Exactly this', '具体内容'], 'approvals.digest': ['Digest', '摘要'], 'approvals.whole': ['everything', '全部内容'], 'approvals.confirm': ['{{what}}. {{numbers}}', '{{what}}。{{numbers}}'],
  'retention.title': ['Retention policies', '留存策略'], 'retention.intro': ['How long what is kept, for whom, by which rule. Simulate before you publish: shortening needs a second person and waits out a grace period.', '何种数据为谁保留多久，依何规则。发布前请先模拟：缩短期限须第二人审批，并经过宽限期。'],
  'retention.inForce': ['In force and scheduled', '现行与待生效'], 'retention.draft': ['Draft and simulation', '草案与模拟'], 'retention.presets': ['Preset library', '预设库'], 'retention.presetNote': ['Suggested and editable; confirm with counsel before you rely on one.', '仅供参考，可修改；采用前请与法律顾问确认。'],
  'retention.waiting': ['Waiting for its event', '等待事件'], 'retention.waitingText': ['Nothing of this goes before its event has happened.', '事件发生之前，这些数据不会被清除。'], 'retention.nothingWaits': ['Nothing waits for an event.', '没有等待事件的数据。'],
  'retention.simulate': ['Simulate', '模拟'], 'retention.publish': ['Publish…', '发布…'], 'retention.ask': ['Ask for approval…', '申请审批…'], 'retention.change': ['Change…', '修改…'], 'retention.usePreset': ['Use as draft', '用作草案'], 'retention.actions': ['Actions', '操作'], 'retention.items': ['{{n}} items', '{{n}} 项'], 'retention.locked': ['locked', '已锁定'],
  'retention.rows': ['Rows', '行数'], 'retention.accounts': ['Accounts', '账户数'], 'retention.since': ['Oldest', '最早'],
  'retention.confirmShorter': ['{{n}} rows more than today would be due ({{total}} in all, of {{accounts}} accounts). After approval it can be withdrawn for {{grace}}.', '比当前多 {{n}} 行到期（共 {{total}} 行，涉及 {{accounts}} 个账户）。批准后 {{grace}} 内可撤回。'], 'retention.confirmLonger': ['{{n}} rows would be due by it.', '按此策略有 {{n}} 行到期。'],
  'simulation.title': ['What it would delete', '将删除的数据'], 'simulation.what': ['Figure', '指标'], 'simulation.rows': ['Rows due', '到期行数'], 'simulation.bytes': ['About', '约'], 'simulation.accounts': ['Accounts', '账户数'], 'simulation.held': ['Held rows', '保全行数'], 'simulation.oldest': ['Oldest', '最早'], 'simulation.today': ['Today', '当前策略'], 'simulation.draft': ['Draft: {{keep}}', '草案：{{keep}}'], 'simulation.draftShort': ['Draft', '草案'],
  'simulation.nothing': ['Nothing is due, today or by the draft.', '当前与草案均无到期数据。'], 'simulation.took': ['Counted exactly in {{n}} ms.', '精确统计用时 {{n}} 毫秒。'], 'simulation.chart': ['Rows due by day; the same figures stand in the table below', '按日的到期行数；下方表格列出相同数字'], 'simulation.perDay': ['{{day}}: today {{today}}, draft {{draft}}, held {{held}}', '{{day}}：当前 {{today}}，草案 {{draft}}，保全 {{held}}'],
  'simulation.key_draft': ['due by the draft', '按草案到期'], 'simulation.key_held': ['held', '保全'], 'simulation.key_today': ['due today', '当前到期'], 'simulation.asTable': ['As a table', '以表格显示'], 'simulation.day': ['Day', '日期'],
  'purge.schedule': ['Schedule', '定时计划'], 'purge.nextRuns': ['Next runs', '接下来的执行'], 'purge.waitsForApproval': ['Waits for a second person', '等待第二人审批'], 'purge.rowsOf': ['{{done}} of {{total}} rows', '{{done}} / {{total}} 行'], 'purge.rate': ['{{n}} rows/s', '每秒 {{n}} 行'], 'purge.remaining': ['{{age}} left', '剩余 {{age}}'], 'purge.retry': ['again {{at}}', '{{at}} 重试'],
};

const REASON_ASK: Pair = ['Say why; it stays on the ledger.', '请说明原因，将记入账本。'];
export const RETENTION_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  policies: {
    publish: { label: ['Publish policy', '发布策略'], ask: ['Takes the place of the policy in force for the same data type and scope. Shortening must be confirmed; then a second person is asked, and it takes effect after the grace period.', '将取代同一数据类型与范围的现行策略。缩短期限须予确认，随后须第二人审批，并在宽限期后生效。'], done: ['The policy is published, or a second person is asked.', '策略已发布，或已提交第二人审批。'] },
    withdraw: { label: ['Withdraw', '撤回'], ask: ['The policy never takes effect; what is in force goes on.', '该策略将不会生效，现行策略继续适用。'], done: ['The policy is withdrawn.', '策略已撤回。'] },
  },
  holds: {
    place: { label: ['Place hold', '设置保全'], ask: ['From this moment on nothing of what you name is purged, until the hold is released. Account, keys, requests and days narrow each other.', '自此时起，所指定的数据不会被清除，直至解除保全。账户、密钥、请求与日期相互限定。'], done: ['The hold is in force.', '保全已生效。'] },
    extend: { label: ['Extend', '扩展'], ask: ['A hold is only ever widened: more ids, more data types, a later end, a later review.', '保全只能扩大：更多编号、更多数据类型、更晚的结束日或复核日。'], done: ['The hold covers this too.', '保全已扩展。'] },
    release: { label: ['Release', '解除'], ask: ['A second person has to approve. Deletes nothing: 30 days after the approval what is expired may be purged.', '须第二人审批。不会删除任何数据：批准 30 天后，到期数据方可被清除。'], done: ['A second person is asked; until then the hold is in force.', '已提交第二人审批；此前保全仍然有效。'] },
  },
  purge_runs: {
    run: { label: ['Run purge', '执行清除'], ask: ['Freezes what is expired and not held. A second person approves exactly that; then it is destroyed for good, and a signed certificate says what went.', '冻结到期且未受保全的数据。经第二人审批后将永久销毁，并由签名证书说明删除了什么。'], done: ['The run is planned and waits for a second person.', '清除任务已计划，等待第二人审批。'] },
    schedule: { label: ['Change schedule', '修改定时计划'], ask: ['Five fields: minute, hour, day of month, month, day of week. The worker follows within a minute.', '五个字段：分、时、日、月、星期。后台任务将在一分钟内生效。'], done: ['The schedule is changed.', '定时计划已修改。'] },
    pause: { label: ['Pause', '暂停'], ask: ['The run stops at its next step. What is removed stays removed.', '任务将在下一步停止。已删除的数据不会恢复。'], done: ['The run is paused.', '任务已暂停。'] },
    continue: { label: ['Continue', '继续'], ask: ['The run goes on from where it stands.', '任务将从当前进度继续。'], done: ['The run goes on.', '任务已继续。'] },
    cancel: { label: ['Cancel run', '取消任务'], ask: ['Nothing was removed by it, and nothing will be.', '该任务尚未删除任何数据，也不会再删除。'], done: ['The run is cancelled.', '任务已取消。'] },
  },
  approvals: {
    approve: { label: ['Approve', '批准'], ask: ['You approve exactly what the digest names. It is carried out at once, and both names stay on the ledger.', '您批准的正是摘要所指内容。将立即执行，双方姓名记入账本。'], done: ['Approved.', '已批准。'] },
    reject: { label: ['Reject', '驳回'], ask: REASON_ASK, done: ['Rejected.', '已驳回。'] },
    withdraw: { label: ['Withdraw', '撤回'], ask: REASON_ASK, done: ['The request is withdrawn.', '申请已撤回。'] },
  },
};

export const RETENTION_FIELDS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  item_ids: ['Single items', 'Ids of calls, events or payments, apart by spaces or lines; leave empty for all.', '单项', '调用、事件或支付的编号，以空格或换行分隔；留空表示全部。'],
  legal_basis: ['Legal basis', '', '法律依据', ''], effective_from: ['Effective from', 'Leave empty for at once, or for the end of the grace period.', '生效日', '留空表示立即，或宽限期结束时。'],
  locked: ['Lock: from here on this may only be lengthened', 'Cannot be undone.', '锁定：此后只能延长', '不可撤销。'],
  confirm_shortening: ['I know that shortening destroys data sooner than was promised, and ask a second person', '', '我了解缩短期限会使数据早于承诺被销毁，并提交第二人审批', ''],
  key_ids: ['Keys', 'Ids of API keys, apart by spaces or lines.', '密钥', 'API 密钥编号，以空格或换行分隔。'], request_ids: ['Requests', 'Ids of calls, apart by spaces or lines.', '请求', '调用编号，以空格或换行分隔。'],
  from_day: ['From day', 'Included; leave empty for no beginning.', '起始日', '包含当日；留空表示不限。'], to_day: ['To day', 'Included; leave empty to cover what comes later.', '结束日', '包含当日；留空则涵盖以后的数据。'], without_end: ['Take the end away: cover what comes later too', '', '取消结束日：涵盖以后的数据', ''],
  digest: ['Digest', '', '摘要', ''], note: ['Note', '', '备注', ''], cron: ['Cron expression', 'Such as 30 3 * * * for half past three every night.', 'Cron 表达式', '例如 30 3 * * * 表示每晚三点半。'], time_zone: ['Time zone', 'IANA name, such as Asia/Shanghai.', '时区', 'IANA 名称，例如 Asia/Shanghai。'], paused: ['Paused: nothing runs by itself', '', '暂停：不自动执行', ''],
};

export const RETENTION_RESULTS: Readonly<Record<string, Pair>> = { approval_id: ['Approval', '审批编号'], next_runs: ['Next runs', '接下来的执行'] };

export const RETENTION_VALUES: Readonly<Record<string, Pair>> = {
  pending: ['Waiting', '待审批'], approved: ['Approved', '已批准'], scheduled: ['Scheduled', '待生效'], paused: ['Paused', '已暂停'], cancelled: ['Cancelled', '已取消'],
  'policy.shorten': ['Shorten a policy', '缩短策略期限'], 'hold.release': ['Release a hold', '解除保全'], 'purge.run': ['Run a purge', '执行清除'], 'dispute-closed': ['Closing of the dispute', '争议结束'],
  region_CN: ['China', '中国'], region_EEA: ['EU / EEA', '欧盟/欧洲经济区'], region_US: ['United States', '美国'], region_GLOBAL: ['Everywhere', '全球'],
};

export const RETENTION_PROPERTIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  approval_id: ['Approval', 'What a second person was asked, or has approved.', '审批', '提交第二人的申请，或其批准。'], action: ['Asked for', 'What would be done.', '申请事项', '将要执行的操作。'], subject_id: ['About', 'What it is about.', '对象', '所涉对象。'],
  proposal: ['Exactly', 'The change, whole: nothing else is carried out.', '具体内容', '完整的变更；不执行其他任何操作。'], preview: ['Numbers', 'What who asked saw.', '数字', '申请人所见的数字。'], digest: ['Digest', 'SHA-256 of what is asked and shown.', '摘要', '所申请与所示内容的 SHA-256。'],
  expires_at: ['Expires', 'After this nobody can approve it.', '失效时间', '此后不能再批准。'], decided_by: ['Decided by', 'Second person, or who withdrew it.', '决定人', '第二人，或撤回者。'], decided_at: ['Decided', 'When.', '决定时间', '决定的时间。'], decision_reason: ['Reason of the decision', 'In the words of who decided.', '决定理由', '决定人所述理由。'],
  item_ids: ['Single items', 'The items it is for.', '单项', '适用的单个数据项。'], legal_basis: ['Legal basis', 'What in law it rests on.', '法律依据', '所依据的法律。'], locked: ['Locked', 'May only be lengthened.', '已锁定', '只能延长。'], shortens: ['Shortens', 'It ends sooner than what was in force.', '缩短', '早于此前策略到期。'], published_at: ['Published', 'When it was published; it may take effect later.', '发布时间', '发布的时间，生效可能更晚。'],
  key_ids: ['Keys', 'Only calls with these keys.', '密钥', '仅限这些密钥的调用。'], request_ids: ['Requests', 'Only these calls.', '请求', '仅限这些调用。'], from_at: ['From', 'Only what was made at or after this.', '自', '仅限此时及以后的数据。'], until_at: ['Until', 'Only what was made before this; empty means without end.', '至', '仅限此前的数据；空表示不限。'],
  rows_due: ['Rows due', 'Due when it was planned.', '到期行数', '计划时的到期行数。'], failures: ['Failures', 'How often it stopped by a failure.', '失败次数', '因故障停止的次数。'], retry_at: ['Goes on', 'When it goes on by itself.', '重试时间', '自动继续的时间。'], needs_approval: ['Waits for approval', 'A second person has to approve it first.', '待审批', '须先经第二人批准。'],
  scope: ['For', 'Whom or what it is for.', '适用范围', '适用的对象。'], region: ['Region', 'Where the preset is usual.', '地区', '预设适用的地区。'], min: ['Minimum', 'By law; a dash where none is known.', '最低', '法定最低；“—”表示未知。'], suggested: ['Suggested', 'What is usual.', '建议', '通常做法。'], max: ['Maximum', 'Usual cap.', '最高', '通常上限。'],
  cron: ['Cron expression', 'Minute, hour, day of month, month, day of week.', 'Cron 表达式', '分、时、日、月、星期。'], time_zone: ['Time zone', 'In which the hours are meant.', '时区', '时间所用的时区。'],
  rows_due_before: ['Rows due now', 'By the policies in force.', '当前到期行数', '按现行策略。'], rows_due_after: ['Rows due by it', 'By the policy asked for.', '变更后到期行数', '按申请的策略。'], bytes_due_after: ['Bytes due by it', 'An estimate.', '变更后字节数', '估计值。'], rows_held_after: ['Rows held', 'Expired by it and kept by holds.', '保全行数', '按其到期但因保全保留。'], accounts_held_after: ['Accounts held', 'Accounts with held rows.', '保全账户数', '有保全数据的账户。'], oldest_due_after: ['Oldest due', 'Oldest row that would be due.', '最早到期', '将到期的最早一行。'],
  bytes_due: ['Bytes due', 'An estimate.', '到期字节数', '估计值。'], oldest: ['Oldest', 'Oldest due row.', '最早', '最早的到期行。'], grace: ['Grace period', 'Between approval and effect.', '宽限期', '批准与生效之间。'], protects_for: ['Still protects for', 'After the approval.', '继续保护', '批准之后。'], last_version: ['Version before', 'It is the one after this.', '此前版本', '将成为其后的版本。'],
};

export const RETENTION_RESOURCE_NAMES: Readonly<Record<string, readonly [string, string, string, string]>> = { approvals: ['Approvals', '审批', 'What waits for a second person, and what was decided.', '等待第二人审批的申请与已决定的事项。'] };
