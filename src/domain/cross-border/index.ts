// The face of the cross-border slice: whether a call may leave its jurisdiction, and on whose word.
export { CONFIRMATION_COVERS, decideTransfer, type ConfirmationFacts, type TransferDecision, type TransferQuestion } from './transfer-rules.js';
