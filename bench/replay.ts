// The second half of the flights lived through as if it came in now: push, update, predict, log, join labels, watch.
// Run: npx tsx bench/replay.ts [--full] [--rounds n]
import {cpSync} from 'node:fs';
import {LivePlatform, replay} from '../src/app/index.ts';
import {ManualClock} from '../src/protocol/index.ts';
import {median} from './harness/compare.ts';
import {runCompiled} from './harness/compiled.ts';
import {type Deployed, deploy, type Flights, flights, open, throwAwayFolder} from './harness/flights.ts';
import {startProfile, type TopFunctions} from './harness/profile.ts';
import {options, report} from './harness/report.ts';

type Run = {
  readonly predictions: number;
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly top: TopFunctions;
};

/** One replay on a copy of the deployed state, without retrains: their trainings are measured elsewhere. */
async function run({project}: Flights, {folder, midpoint}: Deployed, profiled: boolean): Promise<Run> {
  const copy = throwAwayFolder();
  cpSync(folder, copy, {recursive: true});
  const clock = new ManualClock(midpoint);
  const models = project.models.map(model => ({...model, retrain: null}));
  const runtime = await open({...project, models}, copy, clock);
  const platform = await LivePlatform.open(runtime, {training: 'wait'});
  const before = runtime.log.end();
  const stop = profiled ? await startProfile() : null;
  const cpu = process.cpuUsage();
  const started = performance.now();
  const {predictions} = await replay(platform, {clock, from: midpoint, httpEvery: 0});
  const seconds = (performance.now() - started) / 1_000;
  const {user, system} = process.cpuUsage(cpu);
  const top = stop ? await stop(10) : [];
  const events = runtime.log.end() - before;
  await runtime.close();
  return {predictions, events, seconds, cpuSeconds: (user + system) / 1e6, top};
}

await runCompiled(import.meta.filename, async () => {
  const given = options(3);
  const data = await flights(given.full ? null : 300_000);
  const deployed = await deploy(data, throwAwayFolder());
  const runs: Run[] = [];
  for (let round = 0; round < given.rounds; round++) {
    process.stderr.write(`  round ${round + 1} of ${given.rounds}\n`);
    runs.push(await run(data, deployed, false));
  }
  const profiled = await run(data, deployed, true);
  const rate = (of: (run: Run) => number) => median(runs.map(of));
  report(
    [
      {
        title: `Replay of ${profiled.predictions.toLocaleString('en-US')} predictions and ${profiled.events.toLocaleString('en-US')} events`,
        columns: ['', 'a second', 'a CPU-second'],
        rows: [
          ['predictions', rate(r => r.predictions / r.seconds), rate(r => r.predictions / r.cpuSeconds)],
          ['events', rate(r => r.events / r.seconds), rate(r => r.events / r.cpuSeconds)],
        ],
        notes: ['Both happen in the same run: each prediction comes with its departure and with a landing.'],
      },
      {
        title: 'Where the replay spends its time',
        columns: ['function', 'own share of CPU'],
        rows: profiled.top.map(([name, share]) => [name, `${(share * 100).toFixed(1)} %`]),
      },
    ],
    given,
  );
});
