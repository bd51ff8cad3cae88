// How the parts of the verifier say what they found.
import type { PackCheck } from '../pack-report.js';

/** `passed` is the sentence when there are no problems; otherwise the problems are, at most five of them. */
export function checked(name: string, passed: string, problems: readonly string[]): PackCheck {
  if (problems.length === 0) return { name, ok: true, message: passed };
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
  return { name, ok: false, message: `${problems.slice(0, 5).join('; ')}${more}` };
}

/** Like `checked` for a check that could not be made because of an earlier one. */
export function unmade(name: string, because: string): PackCheck { return { name, ok: false, message: `not checked: ${because}` }; }
