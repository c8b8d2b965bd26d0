/**
 * One table for all records. It is clustered by (kind, id), which `get` and id prefixes use; `records_by_time`
 * ends in the primary key, so lists by time are found, ordered and limited in the index alone.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at REAL NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS records_by_time ON records (kind, at, id);
`;

export const GET = 'SELECT kind, id, revision, at, value FROM records WHERE kind = ? AND id = ?';

export const REVISION = 'SELECT revision FROM records WHERE kind = ? AND id = ?';

export const PUT = `
  INSERT INTO records (kind, id, revision, at, value) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE SET revision = excluded.revision, at = excluded.at, value = excluded.value`;

/** Parameters: kind, kind, before, limit. Pages that become free are filled again. */
export const REMOVE = `DELETE FROM records WHERE kind = ? AND id IN (
  SELECT id FROM records WHERE kind = ? AND at < ? ORDER BY at, id LIMIT ?)`;

/** Parameters: kind, from, to, limit. */
export const LIST = {
  oldest: list('ASC'),
  newest: list('DESC'),
};

/** Parameters: kind, prefix, prefix, from, to, limit. The unary plus keeps SQLite from walking the whole kind by time. */
export const LIST_PREFIX = {
  oldest: listPrefix('ASC'),
  newest: listPrefix('DESC'),
};

function list(order: 'ASC' | 'DESC'): string {
  return `SELECT kind, id, revision, at, value FROM records
    WHERE kind = ? AND at >= ? AND at < ? ORDER BY at ${order}, id ${order} LIMIT ?`;
}

function listPrefix(order: 'ASC' | 'DESC'): string {
  // No UTF-8 contains the byte FF, so every id with the prefix is less than the prefix and that byte.
  return `SELECT kind, id, revision, at, value FROM records
    WHERE kind = ? AND id >= ? AND id < ? || CAST(x'ff' AS TEXT) AND +at >= ? AND +at < ?
    ORDER BY +at ${order}, id ${order} LIMIT ?`;
}
