// The files of the published log, straight from the database.

export interface PublishedFile { readonly body: Buffer; readonly contentType: string; /** Tiles never change; the checkpoint does. */ readonly immutable: boolean }
