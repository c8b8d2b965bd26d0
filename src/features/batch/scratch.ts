import type {SqlEngine} from '../../stores/index.ts';
import {identifier} from '../expressions/sql.ts';

let scratches = 0;

/**
 * Gives the work a name for a table of its own. Whatever comes of the work, that table and all whose names begin with
 * its name are dropped, those that were made from it among them.
 */
export async function withScratch<T>(sql: SqlEngine, work: (table: string) => Promise<T>): Promise<T> {
  const table = `scratch_${scratches++}_table`;
  try {
    return await work(table);
  } finally {
    const left = await sql.rows('SELECT table_name FROM information_schema.tables WHERE starts_with(table_name, ?)', [
      table,
    ]);
    for (const row of left) await sql.run(`DROP TABLE IF EXISTS ${identifier(String(row.table_name))}`);
  }
}
