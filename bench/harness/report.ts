// What a benchmark hands over: tables, printed as Markdown or kept as JSON.
import {writeFileSync} from 'node:fs';
import {availableParallelism, cpus} from 'node:os';
import {parseArgs} from 'node:util';
import type {Measured} from './compare.ts';

export type Cell = string | number | null;

export type Table = {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes?: readonly string[];
};

export type Options = {
  /** All 3,000,000 rows where that is not the default. */
  readonly full: boolean;
  readonly rounds: number;
  readonly json: string | undefined;
  /** Cases whose title has this text. */
  readonly only: string;
};

/** The arguments that every benchmark takes: `--full`, `--rounds n`, `--json file`. */
export function options(rounds: number): Options {
  const {values} = parseArgs({
    options: {
      full: {type: 'boolean', default: false},
      rounds: {type: 'string'},
      json: {type: 'string'},
      only: {type: 'string', default: ''},
    },
  });
  const {full, json, only} = values;
  return {full, rounds: values.rounds === undefined ? rounds : Number(values.rounds), json, only};
}

/** Prints the tables, and writes them to the file that `--json` names. */
export function report(tables: readonly Table[], {json}: Options): void {
  for (const table of tables) console.log(`${markdown(table)}\n`);
  if (json !== undefined) writeFileSync(json, JSON.stringify(tables, null, 2));
}

/** The machine in one line. */
export const machine = (): string =>
  `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, ${process.platform} ${process.arch}`;

/** Rates of candidates that deal with the same amount; ratios against the first. */
export function ratesTable(title: string, unit: string, measured: readonly Measured[], notes: string[] = []): Table {
  return {
    title,
    columns: ['', `${unit}/s`, `${unit}/CPU-s`, 'time', 'CPU'],
    rows: measured.map(m => [m.name, m.amount / m.seconds, m.amount / m.cpuSeconds, m.timesSlower, m.timesCpu]),
    notes: [`Time and CPU per ${unit.replace(/s$/, '')}, the first line being 1.`, ...notes],
  };
}

export function markdown({title, columns, rows, notes = []}: Table): string {
  const cells = rows.map(row => row.map(show));
  const width = columns.map((name, c) => Math.max(name.length, ...cells.map(row => row[c]!.length), 3));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, c) => (c === 0 ? cell.padEnd(width[c]!) : cell.padStart(width[c]!))).join(' | ')} |`;
  const rule = `|${width.map((w, c) => (c === 0 ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`;
  return [`**${title}**`, '', line(columns), rule, ...cells.map(line), ...notes.flatMap(note => ['', note])].join('\n');
}

/** Three significant digits, in full above 1,000. */
function show(cell: Cell): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  if (Math.abs(cell) >= 1_000) return Number(cell.toPrecision(3)).toLocaleString('en-US');
  return cell === 0 ? '0' : String(Number(cell.toPrecision(3)));
}
