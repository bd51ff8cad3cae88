// Chinese for refusals and for what is wrong with a field. English stands in the error catalogue and in the checks themselves.

export const ERROR_TITLES_ZH: Readonly<Record<string, string>> = {
  replay_required: '数据库由备份恢复，须先重放清除记录方可读取', invalid_request: '请求格式不正确', unauthenticated: '凭据无效', account_closed: '账户已关闭', forbidden: '您的角色不允许此操作', purpose_required: '读取客户数据须注明用途',
  not_found: '没有此项，或不属于您', method_not_allowed: '该路径不接受此方法', conflict: '对象处于其他状态', confirmation_required: '此操作须予确认', four_eyes_required: '须由第二人批准',
  held: '被保全阻止', rate_limited: '已达速率上限', insufficient_quota: '预算或配额已用完', price_missing: '没有适用于该调用的价格', content_not_allowed: '请求含有不得经此路由发出的内容', internal: '发生意外故障；运维人员可凭编号查找原因', records_unavailable: '记录存储不可用，操作无法进行', verification_failed: '验证失败',
  model_suspended: '可用性规则在此暂停了该模型', provider_suspended: '该提供商已暂停，且没有其他路由可以承接此调用', cross_border_confirmation_required: '账户尚未确认向该目的地传输', terms_allow_training: '提供商条款允许用输入训练',
  model_unknown: '没有服务该模型的路由', upstream_unreachable: '无法连接提供商', upstream_timeout: '提供商未及时响应', key_revoked: 'API 密钥已吊销', body_too_large: '请求正文过大',
  model_required: '请求未指定模型', endpoint_unknown: '网关没有此端点', protocol_unavailable: '该模型没有使用此协议的提供商', websocket_unsupported: '不支持 WebSocket，请使用 HTTP',
  content_unreadable: '内容已销毁：其密钥不复存在', invalid_configuration: '配置文件无效', unledgered_write: '更改缺少账本记录，已回滚',
};

/** Messages of the form checks, by their English text. */
export const VALIDATION_ZH: Readonly<Record<string, string>> = {
  'required': '必填', 'at least 5 characters': '至少 5 个字符', 'lower-case letters, digits and hyphens, at most 63': '小写字母、数字与连字符，最多 63 个',
  'a two-letter country code such as DE or CN': '两位国家代码，例如 DE 或 CN', 'a day as YYYY-MM-DD': '日期格式为 YYYY-MM-DD', 'a period such as P12M, P3Y or P30D': '期限格式例如 P12M、P3Y 或 P30D',
  'choose one or both': '请选择其一或全部', 'a whole number': '须为整数', 'at least 1': '至少为 1', 'at most 200 characters': '最多 200 个字符', 'at most 500 characters': '最多 500 个字符', 'at most 120 characters': '最多 120 个字符', 'a password has at least 12 characters': '密码至少 12 个字符',
};
