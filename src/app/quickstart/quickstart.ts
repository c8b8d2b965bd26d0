import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {historyRange} from '../../events/index.ts';
import {ManualClock, MillraceError, type Retrain, type RunSummary, type Value} from '../../protocol/index.ts';
import {policyOf} from '../definitions/describe.ts';
import {Host} from '../host/host.ts';
import {type StageObserver, Stages} from '../host/stages.ts';
import {runSummary} from '../host/summary.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {findModel, type Project} from '../project/project.ts';
import {replay} from '../replay/replay.ts';
import {ingestHistory, prepareSources, sourceFolder} from '../runtime/history.ts';
import {openRuntime} from '../runtime/open.ts';
import {buildVersion} from '../train/build-version.ts';
import {forShortHistory} from './short-history.ts';

export type QuickstartOptions = {
  readonly folder: string;
  /** A prefix in time; everything unless told. */
  readonly rows?: number;
  readonly threads?: number;
  /** One prediction in so many goes over HTTP; 500 unless told. */
  readonly httpEvery?: number;
  readonly onStage?: StageObserver;
  readonly onPolicy?: (sentences: readonly string[]) => void;
  /** Told of each step of a retrain. */
  readonly onRetrain?: (retrain: Retrain) => void;
  readonly signal?: AbortSignal;
  /** Starts a server for the host; how the prediction requests of the sample are sent is its business. */
  readonly serve: (
    host: Host,
  ) => Promise<{readonly predict: (model: string, instance: Readonly<Record<string, Value>>) => Promise<void>}>;
};

const DAY_MS = 86_400_000;
const STAGES = ['prepare', 'ingest', 'train', 'deploy', 'replay', 'consistency'] as const;
/** What a restart may keep: files that the project made from its own data and vouches for. */
const KEPT = 'source';
/** Written before anything else: by this file an earlier run is known. */
const MARK = 'made-by-quickstart';

/**
 * The whole loop on a project's own history: the first half is ingested, trained on and deployed; the second
 * is lived through on one simulated clock, with monitoring, retrains and releases as they are due.
 */
export async function quickstart(
  project: Project,
  options: QuickstartOptions,
): Promise<{readonly host: Host; readonly clock: ManualClock; readonly summary: RunSummary}> {
  const {folder, rows, signal, onStage, onPolicy} = options;
  const definition = findModel(project);
  await startOver(project, folder);
  const clock = new ManualClock(0);
  const runtime = await openRuntime(project, {
    folder,
    clock,
    durability: 'process',
    ...(options.threads === undefined ? {} : {threads: options.threads}),
  });
  const host = new Host(runtime);
  host.rows = rows ?? 0;
  host.stages = new Stages(STAGES, (stage, progress) => {
    if (progress === null) host.touch();
    onStage?.(stage, progress);
  });
  const {stages} = host;
  const stop = () => signal?.throwIfAborted();
  try {
    const server = await options.serve(host);

    await stages.run('prepare', async progress => {
      let last = '';
      await prepareSources(runtime, rows, line => {
        last = line;
        progress({done: 0, of: null, message: line});
      });
      return {rows: 0, message: last};
    });
    stop();
    const range = await historyRange(definition.decisions, runtime.sql, sourceFolder(project, folder));
    if (!range) throw new MillraceError('DATASET_EMPTY', `'${definition.decisions.name}' has no events.`);
    const midpoint = Math.floor((range.from + range.to) / 2 / DAY_MS) * DAY_MS;
    const short = definition.retrain && forShortHistory(definition.retrain, range.to - midpoint);
    host.policy = [
      `Train on what was known at ${day(midpoint)}, replay from there to ${day(range.to)}.`,
      ...policyOf(short ? {...definition, retrain: short.policy} : definition),
      ...(short?.note ? [short.note] : []),
    ];
    onPolicy?.(host.policy);
    // All that happens from here on happens at the midpoint, a refused row of the history too.
    clock.advanceTo(midpoint);

    await stages.run('ingest', async progress => {
      const sums = new Map<string, number>();
      const reports = await ingestHistory(runtime, project.sources, {
        until: midpoint,
        onProgress: (stream, done) => {
          sums.set(stream, done);
          progress({done: [...sums.values()].reduce((a, b) => a + b, 0), of: null, message: stream});
        },
      });
      const total = (key: 'rows' | 'accepted' | 'rejected' | 'duplicates') =>
        reports.reduce((sum, r) => sum + r[key], 0);
      return {
        rows: total('rows'),
        message: `${count(total('accepted'))} accepted, ${count(total('rejected'))} rejected, ${count(total('duplicates'))} duplicates`,
      };
    });
    stop();

    const version = await stages.run('train', async progress => {
      const built = await buildVersion(runtime, definition, {
        from: range.from,
        asOf: midpoint,
        createdAt: midpoint,
        retrain: null,
        warmStart: false,
        ...(signal ? {signal} : {}),
        onStep: (message, done, of) => progress({done: 0, of, message: `${message} ${done}/${of}`}),
      });
      const {auc, logLoss} = built.metrics;
      return {
        ...built,
        rows: built.dataset.rows,
        message: `${built.algorithm}: AUC ${auc?.toFixed(3)}, log loss ${logLoss.toFixed(3)} on the test split; ${built.evaluation.passed ? 'all gates passed' : 'gates failed'}`,
      };
    });
    stop();
    if (!version.evaluation.passed) {
      const failed = version.evaluation.gates.filter(gate => !gate.passed).map(gate => gate.message);
      throw new MillraceError('GATE_FAILED', `Version ${version.version} may not be deployed: ${failed.join(' ')}`, {
        fix: 'Look at the report of the version; change the model or its gates.',
      });
    }

    await stages.run('deploy', async () => {
      await runtime.registry.promote(definition.name, version.version, {
        at: midpoint,
        reason: 'First version; it passed its gates.',
      });
      host.platform = await LivePlatform.open(runtime, {
        training: 'wait',
        ...(signal ? {signal} : {}),
        ...(short ? {policy: short.policy} : {}),
        onStep: retrain => {
          host.touch();
          options.onRetrain?.(retrain);
        },
      });
      return {
        rows: host.platform.events.executor.position,
        message: `version ${version.version} answers; the live state took the log`,
      };
    });
    stop();

    await stages.run('replay', async progress => {
      const result = await replay(host.platform!, {
        clock,
        from: midpoint,
        httpEvery: options.httpEvery ?? 500,
        overHttp: server.predict,
        ...(signal ? {signal} : {}),
        onProgress: p => {
          host.replay = {
            from: midpoint,
            to: range.to,
            predictions: p.predictions,
            overHttp: p.overHttp,
            landed: p.landed,
          };
          progress({done: p.predictions, of: null, message: day(p.clock)});
          host.touch();
        },
      });
      return {
        rows: result.predictions,
        message: `${count(result.predictions)} predictions, ${count(result.overHttp)} of them over HTTP; ${count(result.landed)} other events`,
      };
    });
    stop();

    await stages.run('consistency', async progress => {
      host.consistency = await host.platform!.consistency.run(definition, {
        from: null,
        to: clock.now() + 1,
        sample: 1,
        onProgress: done => progress({done, of: host.replay?.predictions ?? null}),
      });
      const {mismatches, values, predictions} = host.consistency;
      return {rows: predictions, message: `${count(mismatches)} mismatches in ${count(values)} served values`};
    });
    host.finished = true;
    host.touch();
    return {host, clock, summary: await runSummary(host)};
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

const count = (n: number): string => n.toLocaleString('en-US');

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/**
 * An earlier run, finished or cut off, is cleared away, but not while another process works in it. Throws USAGE
 * for a folder that holds anything else, such as the data of a project in use.
 */
async function startOver(project: Project, folder: string): Promise<void> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.length > 0 && !names.includes(MARK))
    throw new MillraceError(
      'USAGE',
      `The folder ${folder} is no earlier run: it holds ${names.slice(0, 3).join(', ')}.`,
      {fix: 'Name a new or an empty folder: its content would be cleared away.'},
    );
  if (names.length > 1) {
    try {
      await (await openRuntime(project, {folder})).close();
    } catch (error) {
      // Whatever else is wrong with the old data goes away with it.
      if (error instanceof MillraceError && error.code === 'STORE_BUSY') throw error;
    }
    for (const name of readdirSync(folder))
      if (name !== KEPT && name !== MARK) rmSync(join(folder, name), {recursive: true, force: true});
  }
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, MARK), 'millrace quickstart clears this folder when it runs again.\n');
}
