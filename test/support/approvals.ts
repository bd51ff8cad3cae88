// The second person of the tests.
import type { App } from '../../src/app.js';
import type { Approval } from '../../src/domain/security/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { ok } from './registry.js';

export const second: Actor = { kind: 'operator', id: '00000000-0000-7000-8000-00000000aaaa', name: 'Grace', roles: ['approver'] };

/** Approves one request as the second person. */
export async function approve(app: App, approvalId: string): Promise<Approval> {
  const { digest } = (await app.security.approval(approvalId))!;
  return ok(await app.act(second, (tx) => app.security.approve(tx, approvalId, digest)));
}

/** Approves whatever waits. */
export async function approveAll(app: App): Promise<void> {
  for (const { approvalId } of await app.security.approvals({ state: 'pending' })) await approve(app, approvalId);
}
