// Everything needed to check records and logs without a database: pure code, Node built-ins only. A verifier may bundle this file alone.
export { checkpointText, openSignedNote, parseCheckpointText, type CheckpointText } from './log/checkpoint.js';
export { formatLogProof, parseLogProof, verifyLogProof, type LogProof } from './log/log-proof.js';
export { emptyRoot, leafHash, nodeHash, rootFromInclusion, verifyConsistency, verifyInclusion } from './log/merkle.js';
export { numberRoot, proveNumber, rootOfNumber, type NumberProof } from './log/number-map.js';
export { formatVerifierKey, noteKey, NoteError, openNote, parseVerifierKey, signNote, type NoteKey } from './log/signed-note.js';
export { edgeTiles, parseTilePath, tilePath, tileWidth, TILE_WIDTH, type TileId } from './log/tile-rules.js';
export { openCheckpoint, openHandover, readKeyChain, spanAt, type Handover, type KeySpan } from './log/key-chain.js';
export { checkCheckpointNote } from './check-checkpoint-note.js';
export { checkLogFolder, type LogFolderOptions, type ReadFile } from './check-log-folder.js';
export { formatKeyList, parseKeyList, type KeyList } from './log/key-list.js';
export { checkProofFile, type CheckFileOptions } from './complete/check-proof-file.js';
export { formatProofFile, looksLikeProofFile, parseProofFile, PROOF_FORMAT, type ProofFile, type Question } from './complete/proof-file.js';
export { checkOf, reportOf, unreadableFile } from './file-report.js';
export type { FileCheck, FileReport, FileVerdict } from './file-report.js';
export { canonicalRecord, commitmentOf, type CanonicalRecord } from './record.js';
export { RECORD_TABLES, type RecordRow, type RecordTableName } from './record-tables.js';
