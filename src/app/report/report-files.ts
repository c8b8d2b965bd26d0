import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {identifier} from '../../features/index.ts';
import {seededRandom} from '../../math/index.ts';
import {
  buildReport,
  type CompareSettings,
  type ReportedPerformance,
  reportedPerformance,
  type TableReport,
} from '../../monitoring/index.ts';
import {type ColumnData, MillraceError} from '../../protocol/index.ts';
import {openDuckDb} from '../../stores/duckdb/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {profileTable, sampleEdges} from './profile-table.ts';
import {openTable, requireColumn, rowsOf, splitTable, type Table} from './table-file.ts';

export type FileReportOptions = CompareSettings & {
  /** Parquet or CSV: a file, or a glob of files. */
  readonly reference: string;
  /** null: rows of the reference file from `splitAt` on. */
  readonly current: string | null;
  /** The column of times: for a split, and for when rows are from. */
  readonly time?: string | undefined;
  /** UTC ms. */
  readonly splitAt?: number | undefined;
  readonly prediction?: string | undefined;
  readonly target?: string | undefined;
  readonly positive?: string | undefined;
};

/** The report on two files, or on a file before and after a time. Throws SOURCE_NOT_FOUND and USAGE. */
export async function reportFiles(options: FileReportOptions): Promise<TableReport> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-report-'));
  // One thread: the sketches take longer than the scan, and two would spend a tenth more on each other.
  const sql = await openDuckDb({threads: 1, memoryLimit: '1GB', temporaryFolder: join(folder, 'spill')});
  try {
    const [reference, current] = await sidesOf(sql, options, folder);
    const edges = await sampleEdges(sql, reference);
    const performance = await performanceOf(sql, reference, current, options);
    const [before, after] = namesOf(options);
    return buildReport(
      {name: before, profile: await profileTable(sql, reference, edges)},
      {name: after, profile: await profileTable(sql, current, edges)},
      {...options, performance, pending: options.target === undefined ? [] : [options.target]},
    );
  } finally {
    await sql.close();
    rmSync(folder, {recursive: true, force: true});
  }
}

async function sidesOf(sql: SqlEngine, options: FileReportOptions, folder: string): Promise<readonly [Table, Table]> {
  const {reference, current, time, splitAt} = options;
  const table = await openTable(sql, reference, folder);
  if (time !== undefined) requireColumn(table, time);
  if (current !== null) return [table, await openTable(sql, current, folder)];
  if (time === undefined || splitAt === undefined)
    throw new MillraceError('USAGE', 'There is nothing to compare: one file, and no time to split it at.', {
      fix: 'Name a second file, or --time <column> and --split-at <time>.',
    });
  return splitTable(sql, table, {time, at: splitAt});
}

function namesOf({reference, current, splitAt}: FileReportOptions): readonly [string, string] {
  if (current !== null) return [basename(reference), basename(current)];
  const at = new Date(splitAt!).toISOString().slice(0, 16).replace('T', ' ');
  return [`${basename(reference)} before ${at} UTC`, `${basename(reference)} from ${at} UTC`];
}

async function performanceOf(
  sql: SqlEngine,
  reference: Table,
  current: Table,
  {prediction, target, positive}: FileReportOptions,
): Promise<ReportedPerformance | null> {
  if (prediction === undefined || target === undefined) return null;
  requireColumn(reference, target);
  const answers = async (table: Table) => {
    requireColumn(table, prediction);
    const predictions = await readColumn(sql, table, prediction);
    const hasTarget = table.columns.some(({name}) => name === target);
    const targets = hasTarget ? await readColumn(sql, table, target) : new Float64Array(table.rows).fill(Number.NaN);
    return {predictions, targets};
  };
  const sides = {reference: await answers(reference), current: await answers(current)};
  return reportedPerformance({prediction, target, positive, random: seededRandom(1), ...sides});
}

async function readColumn(sql: SqlEngine, table: Table, name: string): Promise<ColumnData> {
  const isText = requireColumn(table, name).type === 'text';
  const texts: (string | null)[] = [];
  const numbers = new Float64Array(isText ? 0 : table.rows);
  let at = 0;
  for await (const {count, columns} of sql.stream(`SELECT ${identifier(name)} AS c FROM ${rowsOf(table)}`)) {
    if (isText) for (const value of columns.c as readonly (string | null)[]) texts.push(value);
    else numbers.set(columns.c as Float64Array, at);
    at += count;
  }
  return isText ? texts : numbers;
}
