// The three kinds by name.
import { DISPUTE } from './kinds/dispute.js';
import { LAWFUL_REQUEST } from './kinds/lawful-request.js';
import { SUBJECT_REQUEST } from './kinds/subject-request.js';
import { CASE_KINDS, type CaseKind, type CaseMachine } from './machine.js';

export const MACHINES: Readonly<Record<CaseKind, CaseMachine>> = { dispute: DISPUTE, lawful_request: LAWFUL_REQUEST, subject_request: SUBJECT_REQUEST };

export function isCaseKind(text: string): text is CaseKind { return CASE_KINDS.some((kind) => kind === text); }
