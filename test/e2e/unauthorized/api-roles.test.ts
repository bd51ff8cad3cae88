// The management API walked as every role, written down as a table: a change of rights must be a change of this file.
import { FAILURES_PER_MINUTE } from '../../../src/entrypoints/http/api/authenticate.js';
import { ROUTES } from '../../../src/entrypoints/http/api/routes.js';
import { ROLES, type Role } from '../../../src/kernel/actor.js';
import { startTestApi, type TestApi } from '../../support/api.js';
import { createTestApp, type TestApp } from '../../support/database.js';

let test_: TestApp;
let api: TestApi;
beforeAll(async () => { test_ = await createTestApp({ env: { REDIS_URL: `${process.env['TEST_REDIS_URL']}/12` } }); api = await startTestApi(test_.app); });
afterAll(async () => { await api.close(); await test_.close(); });

const READS = ['listAccounts', 'readAccount', 'listKeys', 'listConfirmations', 'listPayments', 'listProviders', 'readProvider', 'listModels', 'listPrices', 'listAvailabilityRules', 'listRedactionRules',
  'listPolicies', 'explainRetention', 'readAccountLimits', 'readKeyLimits', 'readBalance', 'listInvoices', 'readInvoice', 'planInvoice', 'downloadInvoice', 'listHolds', 'readHold', 'listContentGrants'];
const CALLS = ['listUsageImports', 'reconcileUsage', 'readCallsAround', 'readUsage', 'listCalls', 'readCall', 'proveCalls'];
const PACKS = ['listPacks', 'readPack', 'downloadPack', 'listPackFiles', 'listPackLinks', 'comparePack'], PACK_WORK = ['requestPack', 'cancelPack', 'linkPack', 'revokePackLink'];
const PURGE_READS = ['previewErasure', 'listErasures', 'readErasure', 'previewPurge', 'listPurges', 'readPurge', 'readCertificate', 'readSchedule'];
const LEDGER = ['readLedgerStatus', 'readCheckpoint', 'readVerifierKey', 'startVerification', 'readVerification'];
const CASES = ['listCases', 'readCase', 'moveCase', 'compareCollection', 'listCaseClocks', 'matchPayment'], CASE_WORK = ['openCase', 'linkCase', 'attachCaseFile', 'linkCasePayment'], LAWFUL = ['listDisclosures', 'readTransparency', 'downloadTransparency'];
const OVERSIGHT = ['listAudit', 'listSecurityEvents', 'listOperators', 'listTokens'];
const ACCOUNT_WRITES = ['openAccount', 'updateAccount', 'closeAccount', 'reopenAccount', 'recordPayment', 'setPaymentStatus', 'planPaymentImport', 'importPayments', 'issueInvoice', 'creditInvoice', 'importUsage', 'setPrice', 'planPriceImport', 'importPrices', 'setAccountLimits', 'setKeyLimits'];
const POLICY_READS = ['simulatePolicy', 'listPresets', 'listWaiting', 'countHeldRows'], APPROVALS = ['listApprovals', 'readApproval', 'withdrawApproval'], SECOND = ['approve', 'reject'];
const ALLOWED: Record<Role, string[]> = {
  auditor: [...POLICY_READS, ...APPROVALS, ...CASES, ...LAWFUL, ...READS, ...CALLS, ...PACKS, ...PURGE_READS, ...LEDGER, ...OVERSIGHT],
  approver: [...POLICY_READS, ...APPROVALS, ...SECOND, ...CASES, ...LAWFUL, ...READS, ...CALLS, ...PACKS, ...PURGE_READS, ...LEDGER, ...OVERSIGHT],
  support_agent: [...POLICY_READS, ...CASES, ...CASE_WORK, ...READS, ...CALLS, ...PACKS, ...PACK_WORK],
  compliance_officer: [...POLICY_READS, ...APPROVALS, ...SECOND, 'withdrawPolicy', 'recordDispute', 'extendHold', 'pausePurge', 'continuePurge', 'cancelPurge', ...CASES, ...CASE_WORK, ...LAWFUL, 'setCaseClock', ...READS, ...CALLS, ...PACKS, ...PURGE_READS, ...LEDGER, ...OVERSIGHT, ...ACCOUNT_WRITES, 'confirmTransfers', 'withdrawConfirmation', 'registerProvider', 'updateProvider',
    'suspendProvider', 'resumeProvider', 'addTerms', 'setRoutes', 'setAvailabilityRules', 'setRedactionRules', 'publishPolicy', 'setSchedule', 'placeHold', 'releaseHold', 'planErasure', 'cancelErasure', 'planPurge', 'runPurge', ...PACK_WORK, 'grantContent', 'revokeContentGrant'],
  administrator: [...POLICY_READS, ...READS, ...PURGE_READS, ...LEDGER, ...OVERSIGHT, ...ACCOUNT_WRITES, 'issueKey', 'revokeKey', 'createOperator', 'disableOperator', 'enableOperator', 'setOperatorRoles',
    'resetPassword', 'issueToken', 'revokeToken'],
};
const pathOf = (path: string): string => path.replaceAll(/\{(account|provider)_id\}/g, 'nobody').replaceAll(/\{\w+\}/g, '0193c1a2-7b3c-7000-8000-0123456789ab');

test.each(ROLES)('the role %s gets through to exactly what the table says', async (role) => {
  const client = await api.as(role);
  const through: string[] = [];
  for (const route of ROUTES) {
    const answer = route.method === 'get' ? await client.get(pathOf(route.path)) : await client.post(pathOf(route.path), {});
    if (answer.status !== 403) through.push(route.id);
    expect([route.id, answer.status >= 500]).toEqual([route.id, false]);
  }
  expect(new Set(through)).toEqual(new Set(ALLOWED[role]));
});

test('without a token no route answers anything but 401, or 429 to an address that has failed too often', async () => {
  for (const [index, route] of ROUTES.entries()) {
    const client = api.showing(undefined);
    const answer = route.method === 'get' ? await client.get(pathOf(route.path)) : await client.post(pathOf(route.path), {});
    expect([route.id, index < FAILURES_PER_MINUTE || answer.status !== 429 ? answer.status : 401]).toEqual([route.id, 401]);
  }
});

test('a role that only looks changed nothing by trying', async () => {
  const { rows } = await test_.app.database.reader.query(`SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM providers) + (SELECT count(*) FROM holds) + (SELECT count(*) FROM operators)
    + (SELECT count(*) FROM retention_policies) + (SELECT count(*) FROM purge_runs) + (SELECT count(*) FROM evidence_packs) AS n`);
  expect(Number(rows[0].n)).toBe(0);
});
