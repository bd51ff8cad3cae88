// The connections the slice reads with; every session of theirs is read-only.
import type { Database } from '../../platform/db/index.js';

export type Reader = Database['reader'];
