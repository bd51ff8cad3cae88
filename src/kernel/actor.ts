// Who does something, and under which of the published purposes (promise P1).

/** The purposes the public page names; every read of customer data by an operator states one. */
export const PURPOSES = [
  'service_delivery', 'billing', 'troubleshooting', 'security_audit', 'anomaly_detection', 'abuse_prevention',
  'content_safety', 'compliance_retention', 'dispute_resolution', 'lawful_cooperation',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Roles of people; what each may do is in `domain/security/permissions.ts`. */
export const ROLES = ['compliance_officer', 'support_agent', 'approver', 'auditor', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** The authenticated one who acts; never taken from a request header or body. */
export interface Actor {
  /** api_key: a customer, through its own key; holds no role. */
  readonly kind: 'operator' | 'api_token' | 'api_key' | 'system' | 'cli';
  readonly id: string;
  /** Display name at the time of the act; kept on the record so that it reads without a join. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Our own processes: `systemActor('worker')`. Holds no role; use cases that need a person refuse it. */
export function systemActor(process: string): Actor {
  return Object.freeze({ kind: 'system', id: process, name: `system:${process}`, roles: [] });
}
