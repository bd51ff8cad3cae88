// Words of closed sets: [English, Chinese]. A value without a word here is shown as it is stored.

export const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  active: ['Active', '有效'], closed: ['Closed', '已关闭'], revoked: ['Revoked', '已吊销'], suspended: ['Suspended', '已暂停'], disabled: ['Disabled', '已停用'],
  completed: ['Completed', '已完成'], refused: ['Refused', '已拒绝'], failed: ['Failed', '失败'], cut: ['Cut off', '被中断'], aborted: ['Aborted', '客户端中止'], unknown: ['Unknown', '未知'], in_progress: ['In progress', '进行中'], being_closed: ['Being closed', '正在关闭'],
  answered: ['Answered', '已响应'], rejected: ['Rejected', '被拒绝'], unreachable: ['Unreachable', '无法连接'], timeout: ['Timed out', '超时'], not_sent: ['Not sent', '未发出'],
  in_force: ['In force', '有效'], expired: ['Expired', '已过期'], withdrawn: ['Withdrawn', '已撤回'], superseded: ['Superseded', '已被取代'], released: ['Released', '已解除'], protecting: ['Released, still protects', '已解除，仍在保护'],
  planned: ['Planned', '已计划'], running: ['Running', '执行中'], verifying: ['Counting survivors', '核对残留'], certified: ['Certified', '已出证'], nothing_due: ['Nothing due', '无到期数据'], done: ['Done', '已完成'], detached: ['Detached', '已分离'],
  requested: ['Being assembled', '正在组装'], ready: ['Ready', '就绪'], allow: ['Allow', '允许'], suspend: ['Suspend', '暂停'], off: ['Off', '关闭'], flag: ['Flag', '标记'], mask: ['Mask', '脱敏'], refuse: ['Refuse', '拒绝'], first: ['Before all others', '置于最前'], last: ['Behind all others', '置于最后'], card: ['Payment cards', '支付卡号'], resident_id: ['Chinese resident ids', '居民身份证号'], phone: ['Phone numbers', '电话号码'], secret: ['Keys, tokens, passwords', '密钥、令牌与密码'],
  info: ['Info', '信息'], warning: ['Warning', '警告'], high: ['High', '高'], critical: ['Critical', '严重'],
  true: ['Yes', '是'], false: ['No', '否'], en: ['English', '英文'], zh: ['Chinese', '中文'], both: ['English and Chinese', '中英双语'],
  account_information: ['Account information', '账户信息'], api_call_metadata: ['API call metadata', 'API 调用元数据'], input_content: ['Input content', '输入内容'], output_content: ['Output content', '输出内容'],
  payment_records: ['Payment records', '支付记录'], security_logs: ['Security logs', '安全日志'], third_party_call_records: ['Third-party call records', '第三方调用记录'],
  service_delivery: ['Service delivery', '服务提供'], billing: ['Billing', '计费结算'], troubleshooting: ['Troubleshooting', '故障排查'], security_audit: ['Security audit', '安全审计'], anomaly_detection: ['Anomaly detection', '异常检测'],
  abuse_prevention: ['Abuse prevention', '滥用防范'], content_safety: ['Content safety', '内容安全'], compliance_retention: ['Compliance retention', '合规留存'], dispute_resolution: ['Dispute resolution', '争议处理'], lawful_cooperation: ['Lawful cooperation', '依法配合'],
  compliance_officer: ['Compliance officer', '合规官'], support_agent: ['Support agent', '客服专员'], approver: ['Approver', '审批人'], auditor: ['Auditor', '审计员'], administrator: ['Administrator', '管理员'],
  model: ['Model', '模型'], cloud: ['Cloud', '云服务'], network: ['Network', '网络'], security: ['Security', '安全'], payment: ['Payment', '支付'], email: ['E-mail', '邮件'],
  openai: ['OpenAI', 'OpenAI'], anthropic: ['Anthropic', 'Anthropic'],
  adequacy: ['Adequacy decision', '充分性认定'], 'standard-contract': ['Standard contract', '标准合同'], certification: ['Certification', '认证'], 'security-assessment': ['Security assessment', '安全评估'], consent: ['Consent', '单独同意'], exemption: ['Exemption', '豁免'],
  legality: ['legality', '合法性'], authorisation: ['authorisation', '授权'], redaction: ['redaction', '脱敏'], procedures: ['procedures', '必要程序'],
  created: ['Creation', '创建时'], 'account-closed': ['Closing of the account', '账户关闭'], 'fiscal-year-end': ['End of the fiscal year', '财政年度结束'],
  operator: ['Operator', '操作员'], api_token: ['API token', 'API 令牌'], api_key: ['Customer’s key', '客户密钥'], system: ['Our own process', '系统进程'], cli: ['Command line', '命令行'],
  drop_partition: ['Partition dropped', '删除分区'], replace_partition: ['Partition replaced by its survivors', '以保留数据替换分区'], delete_rows: ['Rows deleted', '逐行删除'], erase_fields: ['Fields erased', '抹除字段'],
  'all accounts': ['all accounts', '所有账户'], 'product default': ['product default', '产品默认'],
  schedule: ['Schedule', '定时计划'], call: ['Call', '调用'], reported: ['reported by the provider', '由提供商报告'], counted: ['counted with another call for the same answer', '已计入同一答复的另一次调用'], estimated: ['estimated by us', '由本网关估算'], none: ['none', '无'],
  input: ['Input, uncached', '输入（未缓存）'], cache_read: ['Cache read', '缓存读取'], cache_write: ['Cache write', '缓存写入'], cache_write_1h: ['Cache write, one hour', '缓存写入（一小时）'], output: ['Output', '输出'], reasoning: ['of which reasoning', '其中推理'],
  input_audio_tokens: ['Audio input', '音频输入'], output_audio_tokens: ['Audio output', '音频输出'], input_image_tokens: ['Image input', '图像输入'], output_image_tokens: ['Image output', '图像输出'],
  images: ['Pictures', '图片'], audio_ms: ['Milliseconds of sound', '声音（毫秒）'], characters: ['Characters read aloud', '朗读字符'],
  verified: ['Verified', '已验证'], waiting: ['Waiting to be sealed', '等待封存'], broken: ['Does not verify', '验证失败'],
  answer: ['Answer', '答复'], answer_id: ['Id of the answer', '答复编号'],
  security_review: ['Security review', '安全审查'], sent: ['What was sent', '发送的内容'], received: ['What was received', '收到的内容'], every: ['every call', '每次调用'],
  calls: ['Call', '调用'], transfers: ['Transfer', '传输'], transfer_outcomes: ['Outcome', '结果'],
};

/** Units of periods, for "P12M". */
export const PERIOD_UNITS: Readonly<Record<string, readonly [string, string]>> = {
  Y: ['{{n}} years', '{{n}} 年'], M: ['{{n}} months', '{{n}} 个月'], W: ['{{n}} weeks', '{{n}} 周'], D: ['{{n}} days', '{{n}} 天'], H: ['{{n}} hours', '{{n}} 小时'],
  Y1: ['1 year', '1 年'], M1: ['1 month', '1 个月'], W1: ['1 week', '1 周'], D1: ['1 day', '1 天'], H1: ['1 hour', '1 小时'], zero: ['not kept', '不留存'],
};
