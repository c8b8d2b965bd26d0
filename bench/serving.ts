// One-row predictions over HTTP of one model of 100 trees by Millrace and by the servers that people use instead, and
// batches beside LightGBM's own predict. Install them first: bench/peers/serving/setup.sh
// Run: npx tsx bench/serving.ts [--rounds n] [--seconds n] [--only name] [--profile]
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {median} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {throwAwayFolder} from './harness/flights.ts';
import type {TopFunctions} from './harness/profile.ts';
import {options, report, type Table} from './harness/report.ts';
import {pinned} from './http/child.ts';
import {answered, load} from './load/run.ts';
import {processCpuSeconds} from './peers/process-cpu.ts';
import {processMemoryBytes} from './peers/process-memory.ts';
import {batches} from './peers/serving/batches.ts';
import {type Full, fullTable, type Half, halfTable, ratioTables} from './peers/serving/tables.ts';
import type {RunningTarget, ServedModel} from './peers/serving/target.ts';
import {TARGETS} from './peers/serving/targets.ts';

/** Enough to keep the server's core busy; more only wait longer. */
const FULL_CONNECTIONS = 16;
const HALF_CONNECTIONS = 64;
/** float32 leaves and thresholds against LightGBM's float64. */
const TOLERANCE = 1e-5;

type Running = RunningTarget & {readonly name: string; readonly bodies: string};

function servedModel(): ServedModel {
  const folder = resolve('.millrace/bench/serving');
  if (!existsSync(join(folder, 'rows.json')))
    throw new Error('There is no model: run bench/peers/serving/setup.sh first.');
  return {folder, ...JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8'))} as ServedModel;
}

/** Throws unless its answers to the first rows are LightGBM's. */
async function check({name, url, body, prediction}: RunningTarget & {name: string}, {rows, expected}: ServedModel) {
  for (let i = 0; i < 50; i++) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: body(rows[i]!),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name} answers ${answer.status}: ${text.slice(0, 500)}`);
    const got = prediction(JSON.parse(text));
    if (!(Math.abs(got - expected[i]!) < TOLERANCE))
      throw new Error(`${name} predicts ${got} for row ${i}, LightGBM ${expected[i]}: ${text.slice(0, 500)}`);
  }
}

async function fullLoad({url, bodies, pid}: Running, seconds: number): Promise<Full> {
  const before = processCpuSeconds(pid);
  const {count, p50Us, p99Us, refused} = answered(
    await load({url, bodies, seconds, connections: FULL_CONNECTIONS, perSecond: null}),
  );
  const perCpuSecond = count / (processCpuSeconds(pid) - before);
  return {perSecond: count / seconds, perCpuSecond, p50Us, p99Us, refused, megabytes: processMemoryBytes(pid) / 1e6};
}

async function halfLoad({url, bodies}: Running, seconds: number, perSecond: number, seed: number): Promise<Half> {
  const done = await load({url, bodies, seconds, connections: HALF_CONNECTIONS, perSecond, seed});
  const {p50Us, p99Us, refused} = answered(done);
  return {p50Us, p99Us, refused, lateP99Us: done.lateP99Us};
}

/** Each target once a round, beginning with another one each time. */
async function inTurns<S>(
  targets: readonly Running[],
  rounds: number,
  what: string,
  measure: (target: Running, k: number, round: number) => Promise<S>,
): Promise<S[][]> {
  const samples = targets.map((): S[] => []);
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < targets.length; i++) {
      const k = (i + round) % targets.length;
      process.stderr.write(`  ${what}, round ${round + 1} of ${rounds}: ${targets[k]!.name}\n`);
      samples[k]!.push(await measure(targets[k]!, k, round));
    }
  return samples;
}

/** Where the time of those goes that can tell, at full load. */
async function profiles(targets: readonly Running[]): Promise<Table[]> {
  const tables: Table[] = [];
  for (const target of targets) {
    if (!target.ask || !target.name.startsWith('Millrace')) continue;
    await target.ask('start-profile');
    await fullLoad(target, 5);
    const top = (await target.ask('stop-profile')) as TopFunctions;
    tables.push({
      title: `Profile of ${target.name}`,
      columns: ['function', 'own share of CPU'],
      rows: top.map(([name, share]) => [name, `${(share * 100).toFixed(1)} %`]),
    });
  }
  return tables;
}

await runCompiled(import.meta.filename, async () => {
  const profileAt = process.argv.indexOf('--profile');
  if (profileAt >= 0) process.argv.splice(profileAt, 1);
  const at = process.argv.indexOf('--seconds');
  const seconds = at < 0 ? 4 : Number(process.argv.splice(at, 2)[1]);
  const given = options(5);
  const model = servedModel();
  const running: Running[] = [];
  const tables: Table[] = [];
  try {
    for (const {name, start} of TARGETS.filter(target => target.name.includes(given.only))) {
      process.stderr.write(`  starting ${name}\n`);
      const target = await start(model);
      const bodies = join(throwAwayFolder(), 'bodies.json');
      writeFileSync(bodies, JSON.stringify(model.rows.map(target.body)));
      running.push({...target, name, bodies});
      await check(running.at(-1)!, model);
      await load({url: target.url, bodies, seconds: 2, connections: FULL_CONNECTIONS, perSecond: null});
    }
    const full = await inTurns(running, given.rounds, 'full load', target => fullLoad(target, seconds));
    const rates = full.map(samples => median(samples.map(({perSecond}) => perSecond)) / 2);
    const half = await inTurns(running, given.rounds, 'half load', (target, k, round) =>
      halfLoad(target, seconds, rates[k]!, round + 1),
    );
    const names = running.map(({name}) => name);
    tables.push(fullTable(names, full), halfTable(names, rates, half), ...ratioTables(names, full, half));
    if (profileAt >= 0) tables.push(...(await profiles(running)));
  } finally {
    for (const target of running) await target.stop();
  }
  tables.push(await batches(model, given.rounds));
  const cores = pinned
    ? 'The servers share the first core, one of them loaded at a time; the load generator has the last.'
    : 'Nothing is bound to a core.';
  report(
    [
      {...tables[0]!, notes: [`Medians of ${given.rounds} rounds in turns, ratios round by round. ${cores}`]},
      ...tables.slice(1),
    ],
    given,
  );
});
