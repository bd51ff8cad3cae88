// Everything needed to check records and logs without a database: pure code, Node built-ins only. A verifier may bundle this file alone.
export { checkpointText, openSignedNote, parseCheckpointText, type CheckpointText } from './log/checkpoint.js';
export { formatLogProof, parseLogProof, verifyLogProof, type LogProof } from './log/log-proof.js';
export { emptyRoot, leafHash, nodeHash, rootFromInclusion, verifyConsistency, verifyInclusion } from './log/merkle.js';
export { numberRoot, proveNumber, rootOfNumber, type NumberProof } from './log/number-map.js';
export { formatVerifierKey, noteKey, NoteError, openNote, parseVerifierKey, signNote, type NoteKey } from './log/signed-note.js';
export { edgeTiles, parseTilePath, tilePath, tileWidth, TILE_WIDTH, type TileId } from './log/tile-rules.js';
export { canonicalRecord, commitmentOf, type CanonicalRecord } from './record.js';
export { RECORD_TABLES, type RecordRow, type RecordTableName } from './record-tables.js';
