// PostgreSQL refuses to run as root, so root's embedded servers run as nobody; everyone else's run as themselves.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';

export interface ServerUser { readonly uid: number; readonly gid: number }

/** The unprivileged user of the embedded servers (uid 65534, which exists on Debian and Ubuntu), or undefined: the current user. */
export function serverUser(): ServerUser | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/** Whether the user can enter (a folder) or run (a file) this path; asks the kernel, so parents, ACLs and mounts count. */
export function canReach(path: string, user: ServerUser | undefined): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...user, cwd: '/' }).status === 0;
}

/** Makes the folder with mode 0700 and gives it to the server's user. */
export function makeServerFolder(path: string, user: ServerUser | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  if (user) chownSync(path, user.uid, user.gid);
}
