// What the verification of a file answers: plain words first, for people who do not trust us. Evidence packs answer in the same shape.

/** intact = every check passed; altered = readable, but something does not fit; unreadable = none of our files, or cut beyond reading. */
export type FileVerdict = 'intact' | 'altered' | 'unreadable';
export interface FileCheck { readonly name: string; readonly ok: boolean; /** A sentence that says what was compared, and what is wrong where it is. */ readonly message: string }
export interface FileReport {
  /** What the file is: "completeness proof", "checkpoint", "log folder". */
  readonly kind: string;
  readonly verdict: FileVerdict;
  readonly checks: readonly FileCheck[];
  /** What an intact verdict does not say. */
  readonly cannotProve: readonly string[];
  /** The answer in sentences, when the file is about a question. */
  readonly answer?: readonly string[];
}

/** `passed` is the sentence when there are no problems; otherwise the problems are, at most five of them. */
export function checkOf(name: string, passed: string, problems: readonly string[]): FileCheck {
  if (problems.length === 0) return { name, ok: true, message: passed };
  return { name, ok: false, message: `${problems.slice(0, 5).join('; ')}${problems.length > 5 ? `; and ${problems.length - 5} more` : ''}` };
}

export function reportOf(kind: string, checks: readonly FileCheck[], cannotProve: readonly string[], answer?: readonly string[]): FileReport {
  return { kind, verdict: checks.every((check) => check.ok) ? 'intact' : 'altered', checks, cannotProve, ...(answer ? { answer } : {}) };
}

export function unreadableFile(message: string): FileReport { return { kind: 'file', verdict: 'unreadable', checks: [{ name: 'file', ok: false, message }], cannotProve: [] }; }
