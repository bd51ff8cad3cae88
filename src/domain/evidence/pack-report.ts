// What the verifier of a pack answers: plain words first, for people who do not trust us.

/** intact = every check passed; altered = readable, but something does not fit; unreadable = not a pack, or cut beyond reading. */
export type PackVerdict = 'intact' | 'altered' | 'unreadable';

export interface PackCheck {
  /** Stable name: "signature", "attachments", "record commitments". */
  readonly name: string;
  readonly ok: boolean;
  /** A sentence that says what was compared, and what is wrong where it is. */
  readonly message: string;
}

/** Which volume of how many; 0 is the master. */
export interface PackVolume { readonly number: number; readonly of: number }
export interface NamedVolume { readonly number: number; readonly file: string; readonly sha256: string; readonly records: number }

export interface PackReport {
  readonly verdict: PackVerdict;
  /** In the order in which they were made; a check that could not be made is there, not ok, with the reason. */
  readonly checks: readonly PackCheck[];
  /** What an intact verdict does not say. */
  readonly cannotProve: readonly string[];
  /** What the pack says it is; absent when it could not be read that far. */
  readonly pack?: { readonly packId: string; readonly kind: string; /** null: the pack is not about one call. */ readonly requestId: string | null; readonly assembledAt: string; readonly records: number; readonly volume?: PackVolume; /** Of a master: what it names. */ readonly volumes?: readonly NamedVolume[]; /** Time an authority states, where one stamped it. */ readonly stampedAt?: string };
}
