// What was measured of each target, as tables.
import {median} from '../../harness/compare.ts';
import type {Table} from '../../harness/report.ts';

/** One round at full load. */
export type Full = {
  readonly perSecond: number;
  /** Answers over the CPU seconds of the server's process and its children. */
  readonly perCpuSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly refused: number;
  readonly megabytes: number;
};

/** One round at half load. */
export type Half = {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly refused: number;
  /** p99 of what the generator itself was late. */
  readonly lateP99Us: number;
};

type Samples<S> = readonly (readonly S[])[];

const middle = <S>(samples: readonly S[], key: keyof S) => median(samples.map(s => s[key] as number));

export const fullTable = (names: readonly string[], samples: Samples<Full>): Table => ({
  title: 'Full load: 16 connections, each asks again when it is answered',
  columns: ['', 'requests/s', 'requests/CPU-s', 'p50 µs', 'p99 µs', 'refused', 'memory MB'],
  rows: names.map((name, k) => [
    name,
    ...(['perSecond', 'perCpuSecond', 'p50Us', 'p99Us', 'refused', 'megabytes'] as const).map(key =>
      middle(samples[k]!, key),
    ),
  ]),
});

export const halfTable = (names: readonly string[], rates: readonly number[], samples: Samples<Half>): Table => ({
  title: 'Half load: requests become due at half of the rate above, at random moments',
  columns: ['', 'requests/s', 'p50 µs', 'p99 µs', 'refused', 'generator late by, p99 µs'],
  rows: names.map((name, k) => [
    name,
    rates[k]!,
    ...(['p50Us', 'p99Us', 'refused', 'lateP99Us'] as const).map(key => middle(samples[k]!, key)),
  ]),
});

/** Millrace against each of the others, round by round. */
export function ratioTables(names: readonly string[], full: Samples<Full>, half: Samples<Half>): Table[] {
  const own = names.flatMap((name, k) => (name.startsWith('Millrace') ? [k] : []));
  const others = names.flatMap((name, k) => (name.startsWith('Millrace') ? [] : [k]));
  const table = <S>(title: string, samples: Samples<S>, key: keyof S): Table => ({
    title,
    columns: ['', ...others.map(k => names[k]!)],
    rows: own.map(mine => [
      names[mine]!,
      ...others.map(other =>
        median(samples[mine]!.map((s, round) => (s[key] as number) / (samples[other]![round]![key] as number))),
      ),
    ]),
  });
  return [
    table('Requests a CPU-second, Millrace over the others', full, 'perCpuSecond'),
    table('p99 at half load of each, Millrace over the others', half, 'p99Us'),
  ];
}
