// Words of prices, limits and usage: [English, Chinese]; fields and properties [English, help, Chinese, help].
import type { ActionWords } from './actions.js';

type Pair = readonly [string, string];
type Labelled = readonly [string, string, string, string];

export const BILLING_TEXTS: Readonly<Record<string, Pair>> = {
  'frame.usage': ['Usage', '用量'],
  'usage.title': ['Usage and charges', '用量与费用'], 'usage.intro': ['Added up from the calls on record. A call counts on the day it arrived, in the operator’s time zone.', '由记录在案的调用汇总。调用按到达当日（运营方时区）计入。'],
  'usage.account': ['Account', '账户'], 'usage.key': ['Key (id or name)', '密钥（编号或名称）'], 'usage.from': ['From', '从'], 'usage.to': ['To, included', '至（含）'], 'usage.by': ['By', '分组'], 'usage.show': ['Show', '显示'], 'usage.purpose': ['Purpose', '用途'],
  'usage.group.day': ['Day', '日期'], 'usage.group.model': ['Model', '模型'], 'usage.group.provider': ['Provider', '提供商'], 'usage.group.account': ['Account', '账户'], 'usage.group.key': ['Key', '密钥'],
  'usage.measure': ['Chart', '图表'], 'usage.cost': ['Charge', '费用'], 'usage.tokens': ['Tokens', '令牌'], 'usage.calls': ['Calls', '调用数'], 'usage.estimated': ['of which estimated', '其中估算'], 'usage.currency': ['Currency', '货币'],
  'usage.input': ['Input', '输入'], 'usage.cacheRead': ['Cache read', '缓存读取'], 'usage.cacheWrite': ['Cache write', '缓存写入'], 'usage.output': ['Output', '输出'], 'usage.total': ['Total', '合计'],
  'usage.nothing': ['No calls in this window.', '此时段内没有调用。'], 'usage.none': ['none', '无'], 'usage.csv': ['Download as CSV', '下载 CSV'], 'usage.bar': ['{{group}}: {{value}}', '{{group}}：{{value}}'],
  'usage.limits': ['Budgets and quotas', '预算与配额'], 'usage.noLimits': ['This account and its keys have none. Set them on the page of the account or of a key.', '该账户及其密钥没有预算或配额。可在账户或密钥页面设置。'],
  'usage.ofAccount': ['Account', '账户'], 'usage.ofKey': ['Key {{name}}', '密钥 {{name}}'], 'usage.budget.day': ['Budget of today', '今日预算'], 'usage.budget.month': ['Budget of this month', '本月预算'],
  'usage.quota.day': ['Token quota of today', '今日令牌配额'], 'usage.quota.month': ['Token quota of this month', '本月令牌配额'], 'usage.used': ['{{used}} of {{limit}}', '{{used}} / {{limit}}'],
  'usage.until': ['The next period begins {{at}}. When it is used up, calls are refused with 429 until then.', '下一周期于 {{at}} 开始。用完后，调用将以 429 拒绝直至该时刻。'],
  'usage.concurrent': ['Calls at a time: {{n}}', '同时调用数：{{n}}'], 'usage.perMinute': ['A minute: {{requests}} requests, {{tokens}} tokens', '每分钟：{{requests}} 次请求，{{tokens}} 令牌'], 'usage.unlimited': ['any number of', '不限'],
};

export const BILLING_VALUES: Readonly<Record<string, Pair>> = {
  day: ['a day', '每日'], month: ['a month', '每月'], 'limits.view': ['limits viewed', '查看限额'],
  'budget.nearly_used_up': ['budget nearly used up', '预算即将用完'], 'budget.used_up': ['budget used up', '预算已用完'], 'quota.nearly_used_up': ['quota nearly used up', '配额即将用完'], 'quota.used_up': ['quota used up', '配额已用完'],
};

const limits: ActionWords = { label: ['Set limits', '设置限额'],
  ask: ['Sets all of them; an empty one is no limit. In force on every gateway within a second. When a budget or quota is used up, calls are refused with 429 until its next day or month; nothing that is under way is broken off.', '将全部设置；留空表示不限。一秒内在所有网关生效。预算或配额用完后，调用将以 429 拒绝，直至下一日或下一月；进行中的调用不会中断。'],
  done: ['The limits are in force.', '限额已生效。'] };

export const BILLING_ACTIONS: Readonly<Record<string, Readonly<Record<string, ActionWords>>>> = {
  accounts: { setLimits: limits }, keys: { setLimits: limits },
  prices: {
    set: { label: ['Set price', '设置价格'], ask: ['Per million tokens, from a day on. A price in effect never changes: a new amount gets a new day.', '每百万令牌的价格，自指定日起生效。已生效的价格不会更改：新金额须设新日期。'], done: ['The price is set.', '价格已设置。'] },
    planImport: { label: ['Plan an import', '计划导入'], ask: ['Shows what taking prices from the bundled library would change. Writes nothing.', '显示从内置价格库导入会产生的变化，不写入任何内容。'], done: ['This is what an import would do. Nothing is changed.', '以下是导入将产生的变化，尚未更改任何内容。'] },
    import: { label: ['Import prices', '导入价格'], ask: ['Sets what a plan showed as added and changed. Give the same answers as for the plan, and its digest.', '设置计划中显示为新增与变更的价格。请填写与计划相同的内容及其摘要。'], done: ['The prices are set.', '价格已设置。'] },
  },
};

export const BILLING_FIELDS: Readonly<Record<string, Labelled>> = {
  budget_amount: ['Budget', 'In units of the currency, such as 250 or 99.50. Empty: no budget.', '预算', '以货币单位填写，例如 250 或 99.50。留空表示没有预算。'],
  budget_currency: ['Currency of the budget', 'Such as USD. Calls priced in another currency are refused.', '预算货币', '例如 USD。以其他货币计价的调用将被拒绝。'],
  budget_period: ['Budget counts', 'By the calendar of the operator’s time zone.', '预算周期', '按运营方时区的日历。'],
  quota_tokens: ['Token quota', 'Tokens of input, cached too, and output. Empty: no quota.', '令牌配额', '输入（含缓存）与输出令牌。留空表示没有配额。'],
  quota_period: ['Quota counts', '', '配额周期', ''],
  concurrent_calls: ['Calls at a time', 'Over all gateways. Empty: any number.', '同时调用数', '所有网关合计。留空表示不限。'],
  model: ['Model', 'As clients ask for it; a * at its end matches any ending.', '模型', '客户端请求的名称；结尾的 * 匹配任意后缀。'], provider: ['Provider', '', '提供商', ''],
  currency: ['Currency', 'Such as USD or CNY.', '货币', '例如 USD 或 CNY。'], effective_from: ['From', 'First day; empty: today.', '自', '首日；留空为今天。'],
  input_amount: ['Input', 'Per million uncached input tokens.', '输入', '每百万未缓存输入令牌。'], cache_read_amount: ['Cache read', 'Empty: as input.', '缓存读取', '留空则同输入。'],
  cache_write_amount: ['Cache write', 'Empty: as input.', '缓存写入', '留空则同输入。'], output_amount: ['Output', 'Per million output tokens.', '输出', '每百万输出令牌。'],
  markup_percent: ['Markup in percent', 'Added to every amount.', '加价百分比', '加在每项金额上。'], all_models: ['Also models that no route leads to', '', '也包括没有路由的模型', ''],
  digest: ['Digest of the plan', 'From “Plan an import”.', '计划摘要', '来自“计划导入”。'],
};

export const BILLING_PROPERTIES: Readonly<Record<string, Labelled>> = {
  budget_amount: ['Budget', 'What calls may cost in a period.', '预算', '一个周期内调用的费用上限。'], budget_currency: ['Currency of the budget', 'Currency of the budget.', '预算货币', '预算的货币。'],
  budget_period: ['Budget counts', 'A calendar day or month.', '预算周期', '日历日或月。'], quota_tokens: ['Token quota', 'Tokens in a period.', '令牌配额', '一个周期内的令牌数。'], quota_period: ['Quota counts', 'A calendar day or month.', '配额周期', '日历日或月。'],
  concurrent_calls: ['Calls at a time', 'How many may run at once over all gateways.', '同时调用数', '所有网关合计可同时进行的调用数。'],
  version: ['Version', 'A price never changes; a correction before its day is the next version.', '版本', '价格不会更改；生效日前的更正为下一版本。'],
  source: ['Source', 'Where it comes from.', '出处', '来源。'],
  unit_micros: ['Other units', 'Micro-units of the currency per million of a unit: audio, pictures, characters.', '其他单位', '每百万单位（音频、图片、字符）的微货币单位。'],
  long_context: ['Long context', 'Amounts for a call whose whole input is above so many tokens.', '长上下文', '输入总量超过指定令牌数时适用的金额。'],
};

export const BILLING_RESULTS: Readonly<Record<string, Pair>> = { plan: ['What would change', '将产生的变化'], digest: ['Digest, to be confirmed', '待确认的摘要'], added: ['Added', '新增'], changed: ['Changed', '变更'] };
