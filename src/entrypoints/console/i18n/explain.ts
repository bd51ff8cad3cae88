// Words of the page that explains one record's retention. [English, Chinese]
export const EXPLAIN_TEXTS: Readonly<Record<string, readonly [string, string]>> = {
  'frame.explain': ['Explain a record', '解释记录的留存'],
  'explain.title': ['Why is this record kept, and until when?', '这条记录为何保存、保存至何时？'],
  'explain.intro': ['Every rule that speaks of one record, which of them decides, when it goes, and what stops that.', '列明涉及一条记录的全部规则、由哪条决定、何时删除以及何者阻止删除。'],
  'explain.ask': ['Explain', '解释'], 'explain.held': ['Held: it is not deleted while a hold covers it.', '受保全：保全期间不予删除。'], 'explain.heldThen': ['Held: it is not deleted while a hold covers it. Without the hold it would go on {{date}}.', '受保全：保全期间不予删除。若无保全，将于 {{date}} 删除。'],
  'explain.goes': ['It goes with the first purge run after {{date}}.', '将随 {{date}} 之后的首次清除而删除。'], 'explain.due': ['It has been due since {{date}} and is hidden from every reading; the next purge run removes it.', '自 {{date}} 起到期，任何读取均不再显示；下次清除时删除。'],
  'explain.waits': ['It waits for its event: {{event}}. Until that happens nothing expires.', '等待其事件：{{event}}。事件发生前不会到期。'], 'explain.never': ['No policy is in force for it: it stays.', '没有对其生效的策略：予以保存。'],
  'explain.rules': ['Rules, the most explicit first', '规则（由具体到一般）'], 'explain.level': ['Speaks of', '适用对象'], 'explain.ends': ['Would end', '届满时间'], 'explain.decides': ['Decides', '决定'], 'explain.wins': ['this one decides', '由此条决定'], 'explain.outranked': ['outranked', '被更具体的规则取代'],
  'explain.speaks.item': ['this item', '本项'], 'explain.speaks.account': ['its account', '所属账户'], 'explain.speaks.jurisdiction': ['its jurisdiction', '所属法域'], 'explain.speaks.all': ['all accounts', '全部账户'],
  'explain.minimums': ['Legal minimums', '法定最短期限'], 'explain.noMinimums': ['None applies.', '均不适用。'], 'explain.minimum': ['Rule', '规则'], 'explain.retainUntil': ['Kept at least until', '至少保存至'],
  'explain.holds': ['Holds that cover it', '涵盖该记录的保全'], 'explain.noHolds': ['No hold covers it.', '没有保全涵盖该记录。'], 'explain.until': ['Protects until', '保护至'], 'explain.open': ['released by a second person', '由第二人解除'],
  'explain.record': ['The record', '记录'], 'explain.table': ['Table', '数据表'], 'explain.made': ['Made', '形成时间'], 'explain.clock': ['Clock started', '起算时间'], 'explain.notYet': ['not yet', '尚未'], 'explain.zone': ['Days are counted in the time zone {{zone}}.', '日期按时区 {{zone}} 计算。'],
};
export const EXPLAIN_FIELDS: Readonly<Record<string, readonly [string, string, string, string]>> = { record_id: ['Id of the record', "The record's own id, or that of its call.", '记录编号', '记录自身或其调用的编号。'] };
