// What a subject request asks to erase, and what the person is told of it. Pure.
import { DATA_TYPES, type DataType } from '../../kernel/data-types.js';
import type { ErasureGround } from '../retention/index.js';
import type { Facts } from './machine.js';

/** What was erased and what stays restricted, by type, as the purge runs left it. Rows as decimal text. */
export interface ErasureOutcome { readonly erased: string; readonly run_id: string | null; readonly restricted: string; readonly goes_at: string | null; readonly why: readonly string[] }

const GROUNDS: Readonly<Record<string, ErasureGround>> = { gdpr: 'gdpr_17', ccpa: 'ccpa_1798_105', pipl: 'pipl_47' };
export function groundOf(facts: Facts): ErasureGround { return GROUNDS[String(facts['law'])] ?? 'other'; }

/** The types of the scope less those the answer refuses; content of calls goes with their metadata. */
export function typesToErase(facts: Facts): DataType[] {
  const list = (name: string): readonly string[] => { const value = facts[name]; return Array.isArray(value) ? value as readonly string[] : []; };
  const asked = list('data_types').filter((type) => facts['answer'] !== 'partial' || !list('refused_types').includes(type));
  return DATA_TYPES.filter((type) => asked.includes(type) || ((type === 'input_content' || type === 'output_content') && asked.includes('api_call_metadata')));
}

/** The sessions of an end user; undefined where the whole account is the subject. */
export function sessionsOf(facts: Facts): string[] | undefined {
  const said = facts['sessions'];
  return typeof said === 'string' ? said.split(/[\s,]+/).filter((one) => one !== '') : undefined;
}

const NAMES: Readonly<Record<DataType, readonly [string, string]>> = {
  account_information: ['account information', '账户信息'], api_call_metadata: ['metadata of calls', '调用元数据'], input_content: ['inputs', '输入内容'], output_content: ['outputs', '输出内容'],
  payment_records: ['payment records', '支付记录'], security_logs: ['security logs', '安全日志'], third_party_call_records: ['records of calls to third parties', '第三方调用记录'],
};

/** What may be sent to the person, in both languages: numbers, reasons and dates, nothing of anybody else. The officer edits it. */
export function noticeText(outcome: Readonly<Partial<Record<DataType, ErasureOutcome>>>, number: string, refused: { readonly part: string; readonly ground: string } | null): { en: string; zh: string } {
  const types = DATA_TYPES.filter((type) => outcome[type] !== undefined), gone = types.filter((type) => outcome[type]!.erased !== '0'), kept = types.filter((type) => outcome[type]!.restricted !== '0');
  const line = (type: DataType, language: 0 | 1): string => {
    const { restricted, goes_at: at, why } = outcome[type]!, reasons = why.map(reasonText).join('; '), day = at?.slice(0, 10);
    return language === 0 ? `- ${NAMES[type][0]}: ${restricted} records, because of ${reasons}${day ? `; they go with the first purge after ${day}` : ''}` : `- ${NAMES[type][1]}：${restricted} 条，原因：${reasons}${day ? `；${day} 之后的首次清除时删除` : ''}`;
  };
  const none = ['nothing was on record', '无相关记录'] as const;
  const en = [`Your request ${number}.`, `Erased: ${gone.map((type) => `${NAMES[type][0]} (${outcome[type]!.erased})`).join(', ') || none[0]}.`,
    ...(kept.length === 0 ? [] : ['Kept in restricted storage, used for nothing else, and erased without a further request:', ...kept.map((type) => line(type, 0))]),
    ...(refused ? [`Refused: ${refused.part} (ground: ${refused.ground.replaceAll('_', ' ')}). You may complain to a supervisory authority or go to court.`] : []),
    'Each deletion has a signed certificate; ask us for it.'];
  const zh = [`您的请求 ${number}。`, `已删除：${gone.map((type) => `${NAMES[type][1]}（${outcome[type]!.erased}）`).join('、') || none[1]}。`,
    ...(kept.length === 0 ? [] : ['以下数据受限存储，不作其他用途，到期自动删除，无需再次请求：', ...kept.map((type) => line(type, 1))]),
    ...(refused ? [`拒绝部分：${refused.part}（理由：${refused.ground}）。您可向监管机构投诉或提起诉讼。`] : []),
    '每次删除均有签名证书，可向我们索取。'];
  return { en: en.join('\n'), zh: zh.join('\n') };
}

/** A hold is called one, without its matter: telling it could tip somebody off. */
function reasonText(why: string): string {
  const [head = '', ...rest] = why.split(': ');
  return head.startsWith('hold ') ? 'a legal hold' : rest.join(': ');
}
