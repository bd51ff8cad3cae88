// Takes in a file of payments, after it was looked at line by line.
import React, { useId } from 'react';
import { Link } from 'react-router-dom';
import type { PaymentsImportAnswer } from '../pages/payments-import.page.js';
import { Failed, Loading, Page, ROOT, useLoaded, useWords } from './kit.tsx';
import { TableUpload, type LineProblem } from './table-upload.tsx';
import { Badge, money } from './value.tsx';

interface Plan { readonly lines: readonly { readonly line: number; readonly state: string; readonly payment_id: string; readonly account_id: string; readonly amount_micros: number | string; readonly currency: string }[]; readonly problems: readonly LineProblem[]; readonly digest: string }
interface Done { readonly added: number; readonly changed: number; readonly unchanged: number }

export default function PaymentsImport(): JSX.Element {
  const words = useWords(), t = (key: string): string => words.t(`payments.${key}`), id = useId(), loaded = useLoaded<PaymentsImportAnswer>('/pages/payments-import');
  if (loaded.problem) return <Page title={t('title')}><Failed problem={loaded.problem} retry={loaded.reload} /></Page>;
  if (!loaded.data) return <Page title={t('title')}><Loading /></Page>;
  const { columns, most, may } = loaded.data, count = (plan: Plan, state: string): number => plan.lines.filter((line) => line.state === state).length;
  return <Page title={t('title')} subtitle={t('intro')}>
    {!may ? <p className="hf-empty">{t('mayNot')}</p> : <TableUpload<Plan, Done> path="payments"
      choices={<div className="hf-field"><label htmlFor={`${id}-processor`}>{t('processor')}</label><input id={`${id}-processor`} name="processor" type="text" maxLength={63} autoComplete="off" /></div>}
      take={(plan) => plan.digest}
      preview={(plan) => <><p>{words.t('payments.would', { added: words.number(count(plan, 'added')), changed: words.number(count(plan, 'changed')), unchanged: words.number(count(plan, 'unchanged')) })}</p>
        <div className="hf-table-box"><table className="hf-table"><thead><tr><th scope="col" className="hf-right">{words.t('books.line')}</th><th scope="col">{t('state')}</th><th scope="col">{t('id')}</th><th scope="col">{t('account')}</th><th scope="col" className="hf-right">{t('amount')}</th></tr></thead>
          <tbody>{plan.lines.slice(0, 200).map((line) => <tr key={line.line}><td className="hf-right" data-label={words.t('books.line')}>{words.number(line.line)}</td><td data-label={t('state')}><Badge value={line.state} /></td><td data-label={t('id')}><code>{line.payment_id}</code></td><td data-label={t('account')}>{line.account_id}</td><td className="hf-right" data-label={t('amount')}>{money(String(line.amount_micros), line.currency)}</td></tr>)}</tbody></table></div></>}
      done={(answer) => <>{words.t('payments.done', { added: words.number(answer.added), changed: words.number(answer.changed), unchanged: words.number(answer.unchanged) })} <Link to={`${ROOT}/resources/payments`}>{t('list')}</Link></>} />}
    <p className="hf-quiet">{words.t('payments.columns', { columns: columns.join(', '), most: words.number(most) })}</p>
  </Page>;
}
