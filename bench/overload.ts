// Three times as many requests as the server can answer: how long those wait that are answered, how fast the others are
// turned away, whether the server still says that it lives, and how it is when the storm is over. Requests become due at
// random moments at a fixed mean rate, whatever the server does (open loop), each with live features of one flight.
// Run: npx tsx bench/overload.ts [--rounds n] [--seconds n] [--times 3]
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {median} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {deploy, flights, throwAwayFolder} from './harness/flights.ts';
import {options, report, type Table} from './harness/report.ts';
import {ServerProcess} from './http/child.ts';
import {flightInstances, ownBody} from './http/flight-bodies.ts';
import type {LoadReport} from './load/messages.ts';
import {type Probed, probing} from './load/probe.ts';
import {answered, load} from './load/run.ts';

/** So many clients at once: with fewer a server that answers slowly would slow them down instead of being flooded. */
const CONNECTIONS = 1_000;

type Phase = {
  readonly name: string;
  readonly offered: number;
  readonly load: LoadReport;
  readonly live: Probed;
};

const COLUMNS = [
  '',
  'due/s',
  'answered/s',
  'p50 ms',
  'p99 ms',
  'max ms',
  'refused/s',
  'p99 ms',
  'max ms',
  '/health/live p99 ms',
  'max ms',
  'lost',
  'generator late, p99 ms',
];

function row({name, load: {byStatus, seconds, due, broken, unanswered, lateP99Us}, live}: Phase) {
  const accepted = byStatus[200];
  const refused = byStatus[429] ?? byStatus[503];
  const other = Object.entries(byStatus).reduce(
    (n, [s, {count}]) => n + (['200', '429', '503'].includes(s) ? 0 : count),
    0,
  );
  const ms = (us: number | undefined) => (us === undefined ? null : us / 1_000);
  return [
    name,
    due / seconds,
    (accepted?.count ?? 0) / seconds,
    ms(accepted?.p50Us),
    ms(accepted?.p99Us),
    ms(accepted?.maxUs),
    (refused?.count ?? 0) / seconds,
    ms(refused?.p99Us),
    ms(refused?.maxUs),
    live.p99Ms,
    live.maxMs,
    broken + unanswered + other + live.failed,
    ms(lateP99Us),
  ];
}

/** The middle of several rounds, column by column. */
const middle = (rows: readonly (readonly (string | number | null)[])[]) =>
  rows[0]!.map((first, c) => {
    const numbers = rows.map(cells => cells[c]).filter(cell => typeof cell === 'number');
    return numbers.length === 0 ? first : median(numbers);
  });

const taken = (flag: string, otherwise: number): number => {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv.splice(at, 2)[1]);
};

await runCompiled(import.meta.filename, async () => {
  const [seconds, times] = [taken('--seconds', 6), taken('--times', 3)];
  const given = options(3);
  const data = await flights(300_000);
  const deployed = await deploy(data, throwAwayFolder());
  const bodies = join(throwAwayFolder(), 'bodies.json');
  writeFileSync(bodies, JSON.stringify((await flightInstances(data, deployed)).map(ownBody)));
  const {folder, midpoint: now} = deployed;
  const server = await ServerProcess.start({kind: 'millrace', answer: '', folder, source: data.source, now, bodies});
  const {url} = server;
  const storm = async (name: string, perSecond: number, seed: number): Promise<Phase> => {
    process.stderr.write(`  ${name}: ${Math.round(perSecond)} requests/s\n`);
    const probe = probing(new URL('/health/live', url));
    const done = await load({url, bodies, seconds, connections: CONNECTIONS, perSecond, seed});
    return {name, offered: perSecond, load: done, live: await probe.stop()};
  };
  const rows = [0.5, times, 0.5].map((): (string | number | null)[][] => []);
  let refusal = 'Nothing was refused.';
  try {
    await load({url, bodies, seconds: 2, connections: 16, perSecond: null});
    for (let round = 0; round < given.rounds; round++) {
      const {count} = answered(await load({url, bodies, seconds: 3, connections: 16, perSecond: null}));
      const capacity = count / 3;
      const phases = [
        await storm('half of what it can answer', capacity / 2, round + 1),
        await storm(`${times} times what it can answer`, capacity * times, round + 1),
        await storm('half, at once after it', capacity / 2, round + 1),
      ];
      for (const [k, phase] of phases.entries()) rows[k]!.push(row(phase));
      const refused = phases[1]!.load.byStatus[429] ?? phases[1]!.load.byStatus[503];
      if (refused) refusal = `A refusal: ${refused.first.split('\r\n').join(' | ')}`;
    }
  } finally {
    await server.stop();
  }
  const table: Table = {
    title: `Overload: ${CONNECTIONS.toLocaleString('en-US')} connections, ${seconds} s each, one core`,
    columns: COLUMNS,
    rows: rows.map(middle),
    notes: [
      'From the moment a request was due to the last byte of its answer. Lost: connections broken, no answer within 10 s, any status but 200, 429 and 503, a probe of /health/live without 200.',
      refusal,
    ],
  };
  report([table], given);
});
