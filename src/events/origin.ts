/** Where the history of a source lies: files, a folder or a glob, relative to the project. */
export type FileOrigin = {readonly kind: 'file'; readonly format: 'parquet' | 'csv' | 'jsonl'; readonly path: string};

export const parquet = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'parquet', path});
export const csv = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'csv', path});
export const jsonLines = (path: string): FileOrigin => Object.freeze({kind: 'file', format: 'jsonl', path});
