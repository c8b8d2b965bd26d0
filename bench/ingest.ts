// Events per second through the gate into the event log. Run: npx tsx bench/ingest.ts [--full] [--rounds n]
import {join} from 'node:path';
import {ingestHistory, openRuntime, type Project, type Runtime} from '../src/app/index.ts';
import {readHistory, type Source} from '../src/events/index.ts';
import type {Columns} from '../src/protocol/index.ts';
import {type Candidate, compare} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {type Flights, flights, sourceOf, throwAwayFolder} from './harness/flights.ts';
import {options, ratesTable, report} from './harness/report.ts';

type Durability = 'process' | 'disk';

/** A candidate that works on a fresh event log. */
const onFreshLog = (
  name: string,
  project: Project,
  durability: Durability,
  work: (runtime: Runtime) => Promise<number>,
): Candidate => ({
  name,
  begin: async () => {
    const runtime = await openRuntime(project, {folder: throwAwayFolder(), durability});
    return {work: () => work(runtime), end: () => runtime.close()};
  },
});

/** Both streams from their files, in batches as they are read: what `millrace ingest` does. */
async function bulk({project}: Flights, events: number, rounds: number) {
  const folder = throwAwayFolder();
  const gate = onFreshLog('gate and event log', project, 'process', async runtime => {
    const reports = await ingestHistory(runtime, project.sources);
    return reports.reduce((sum, r) => sum + r.rows, 0);
  });
  const copy: Candidate = {
    name: 'DuckDB COPY to Parquet (bound)',
    begin: async () => {
      const runtime = await openRuntime(project, {folder: throwAwayFolder()});
      const work = async () => {
        for (const {name} of project.sources)
          await runtime.sql.run(
            `COPY (FROM '${join(project.folder, `${name}.parquet`)}') TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet)`,
          );
        return events;
      };
      return {work, end: () => runtime.close()};
    },
  };
  return compare([copy, gate], {rounds});
}

/** JSON objects as a client sends them, in pushes of `size`, `atOnce` of them in flight. */
function pushes(
  {project}: Flights,
  rows: readonly unknown[],
  size: number,
  atOnce: number,
  durability: Durability,
): Candidate {
  const name = `${size === 1 ? '1 event' : `${size.toLocaleString('en-US')} events`} a push${atOnce > 1 ? `, ${atOnce} at once` : ''}`;
  return onFreshLog(name, project, durability, async ({gate}) => {
    for (let at = 0; at < rows.length; at += size * atOnce)
      await Promise.all(
        Array.from({length: atOnce}, (_, k) => rows.slice(at + k * size, at + (k + 1) * size))
          .filter(part => part.length > 0)
          .map(part => gate.push('departures', part)),
      );
    return rows.length;
  });
}

function objects({schema}: Source, {count, columns}: Columns): unknown[] {
  return Array.from({length: count}, (_, i) =>
    Object.fromEntries(Object.keys(schema).map(name => [name, columns[name]![i]])),
  );
}

async function firstRows(data: Flights, limit: number): Promise<unknown[]> {
  const runtime = await openRuntime(data.project, {folder: throwAwayFolder()});
  const source = sourceOf(data, 'departures');
  const rows: unknown[] = [];
  for await (const batch of readHistory(source, runtime.sql, {folder: data.source, limit}))
    rows.push(...objects(source, batch));
  await runtime.close();
  return rows;
}

await runCompiled(import.meta.filename, async () => {
  const given = options(5);
  const data = await flights(given.full ? null : 300_000);
  const loaded = await bulk(data, 2 * data.rows, given.full ? Math.min(3, given.rounds) : given.rounds);
  const rows = await firstRows(data, 50_000);
  const live = await compare(
    [10_000, 10, 1].map(size => pushes(data, rows, size, 1, 'process')),
    {rounds: given.rounds},
  );
  const few = rows.slice(0, 1_000);
  const durable = await compare(
    [pushes(data, few, 1, 1, 'disk'), pushes(data, few, 10, 1, 'disk'), pushes(data, few, 1, 100, 'disk')],
    {rounds: given.rounds},
  );
  report(
    [
      ratesTable(`History of ${(loaded[0]!.amount).toLocaleString('en-US')} events`, 'events', loaded),
      ratesTable('Live pushes of JSON, safe from the death of the process', 'events', live),
      ratesTable('Live pushes of JSON, safe from a loss of power (an fsync before each answer)', 'events', durable),
    ],
    given,
  );
});
