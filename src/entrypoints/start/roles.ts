// The names of the long-running roles; apart from run-role.ts, so that the supervisor loads none of them.

/** In the order in which they are stopped: the sealer last, since it seals what the others have just recorded. */
export const ROLE_NAMES = ['gateway', 'console', 'worker', 'sealer'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

export function isRoleName(text: string): text is RoleName { return (ROLE_NAMES as readonly string[]).includes(text); }
