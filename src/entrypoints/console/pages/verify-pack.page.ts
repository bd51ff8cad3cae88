// The page that verifies a file; it has nothing to load. The file itself comes by /console/upload/verify.
import type { PageHandler } from 'adminjs';

/** Anyone who is signed in may verify. */
export function verifyPackPage(): PageHandler { return () => Promise.resolve({ ready: true }); }
