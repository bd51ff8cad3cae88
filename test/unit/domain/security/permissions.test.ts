import { ROLES, systemActor, type Actor, type Role } from '../../../../src/kernel/actor.js';
import { can, forbid, PERMISSIONS, PERMISSIONS_OF, type Permission } from '../../../../src/domain/security/permissions.js';

const as = (...roles: Role[]): Actor => ({ kind: 'operator', id: 'o', name: 'Ann', roles });
const changes = PERMISSIONS.filter((permission) => !/\.read$|^ledger\.verify$/.test(permission));

test('an administrator sees no calls and no evidence', () => {
  expect(['calls.read', 'evidence.read', 'evidence.create'].map((permission) => can(as('administrator'), permission as Permission))).toEqual([false, false, false]);
});

test.each([['auditor', []], ['approver', ['approvals.decide', 'cases.approve']]] as const)('an %s reads everything and changes nothing, but for the second word: %j', (role, may) => {
  expect(changes.filter((permission) => can(as(role), permission))).toEqual(may);
  expect(PERMISSIONS.filter((permission) => !changes.includes(permission) && !can(as(role), permission))).toEqual([]);
});

test('a support agent looks calls up, makes packs, works cases and thereby places holds, and changes nothing else', () => {
  expect(changes.filter((permission) => can(as('support_agent'), permission))).toEqual(['evidence.create', 'content.open', 'holds.place', 'disputes.work', 'subjects.work']);
  expect(can(as('support_agent'), 'calls.read')).toBe(true);
});

test('an officer gives nobody rights, an administrator decides nothing about data', () => {
  expect(['operators.write', 'tokens.write', 'keys.write'].some((permission) => can(as('compliance_officer'), permission as Permission))).toBe(false);
  expect(['retention.write', 'holds.write', 'purges.run', 'providers.write', 'confirmations.write', 'availability.write'].some((permission) => can(as('administrator'), permission as Permission))).toBe(false);
});

test('every permission belongs to some role, and no role has an unknown one', () => {
  const given = new Set(ROLES.flatMap((role) => PERMISSIONS_OF[role]));
  expect([...given].sort()).toEqual([...PERMISSIONS].sort());
});

test('roles add up, and no role may nothing', () => {
  expect(can(as('administrator', 'support_agent'), 'calls.read')).toBe(true);
  expect(PERMISSIONS.some((permission) => can(as(), permission))).toBe(false);
});

test('our own processes and the command line may everything', () => {
  expect(PERMISSIONS.every((permission) => can(systemActor('worker'), permission))).toBe(true);
  expect(forbid({ kind: 'cli', id: 'root', name: 'cli:root', roles: [] }, 'operators.write')).toBeUndefined();
});

test('a refusal names who lacks what', () => {
  expect(forbid(as('auditor'), 'holds.write')).toMatchObject({ code: 'forbidden', message: expect.stringContaining('Ann lacks the permission holds.write') as string });
});
