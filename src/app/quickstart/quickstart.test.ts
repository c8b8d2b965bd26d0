// The whole loop on a small history with a change planted in it, on real stores in throw-away folders.
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {ManualClock, type RunSummary} from '../../protocol/index.ts';
import {checkConsistency} from '../consistency/check-consistency.ts';
import {Host} from '../host/host.ts';
import {runSummary} from '../host/summary.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {loadProject} from '../project/load.ts';
import type {Project} from '../project/project.ts';
import {replay} from '../replay/replay.ts';
import {openRuntime} from '../runtime/open.ts';
import {trainingSetOf} from '../train/training-set.ts';
import {quickstart} from './quickstart.ts';

const DAY = 86_400_000;
const CHANGE = Date.UTC(2024, 0, 15);
const folders: string[] = [];
let project: Project;
let steady: RunSummary;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loop-'));
  folders.push(folder);
  return folder;
}

const NO_SERVER = async () => ({predict: async () => {}});

beforeAll(async () => {
  project = await loadProject(resolve(import.meta.dirname, '../../../test/projects/couriers'));
  const {host, summary} = await quickstart(project, {folder: newFolder(), threads: 1, httpEvery: 0, serve: NO_SERVER});
  steady = summary;
  await host.runtime.close();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});

/** Wall clock, and the one random name: all that two runs may differ in. */
const UNREPEATABLE = new Set(['seconds', 'rowsPerSecond', 'latencyUs', 'startedAt', 'peakMemoryMb', 'trainingSeconds']);

const repeatable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, inner) => {
      if (UNREPEATABLE.has(key)) return undefined;
      return key === 'id' && typeof inner === 'string' ? inner.replace(/-[0-9a-f]{8}$/, '') : inner;
    }),
  );

/** What was decided and measured, however often the process stopped meanwhile. */
const story = ({windows, alerts, retrains, versions, plan, promotions, streams}: RunSummary) =>
  repeatable({
    ...{windows, alerts, retrains, versions, plan, promotions},
    // The event at which it stopped is pushed again.
    streams: streams.map(stream => ({...stream, duplicates: 0})),
  });

describe('the whole loop', () => {
  test('notices the change, retrains, and promotes the challenger through shadow and canary', () => {
    const [first] = steady.retrains;
    expect(first!.trigger.kind).toBe('performance');
    expect(first!.firedAt).toBeGreaterThan(CHANGE + DAY);
    expect(first!.firedAt).toBeLessThan(CHANGE + 3 * DAY);
    expect(first!.outcome).toBe('promoted');
    expect(first!.steps.map(s => s.stage)).toEqual(['trigger', 'training', 'gates', 'shadow', 'canary', 'promotion']);
    expect(first!.steps[1]!.at).toBe(first!.firedAt + 3_600_000);
    const [alert] = steady.alerts;
    expect(alert).toMatchObject({kind: 'performance', id: first!.trigger.alertId, severity: 'page'});
    expect(steady.promotions[0]).toMatchObject({version: first!.challenger});
    expect(steady.versions.map(v => v.version)).toEqual(steady.versions.map((_, i) => i + 1));
    expect(steady.versions[1]!.lineage).toMatchObject({incumbent: 1, retrain: first!.id});
    const auc = (from: number) => steady.windows.find(w => w.from === from)!.performance!.overall.auc!;
    expect(auc(CHANGE - DAY)).toBeGreaterThan(0.8);
    expect(auc(CHANGE)).toBeLessThan(0.4);
    expect(steady.windows.at(-1)!.performance!.overall.auc).toBeGreaterThan(0.6);
  });

  test("holds nothing against a new champion that was the old one's", () => {
    const [alert] = steady.alerts;
    expect(alert!.resolvedAt).toBe(steady.promotions[0]!.at);
    expect(steady.retrains.filter(({trigger}) => trigger.alertId === alert!.id)).toHaveLength(1);
  });

  test('serves nothing that the log does not give again', () => {
    const {consistency, replay: replayed} = steady;
    expect(consistency!.mismatches).toBe(0);
    expect(consistency!.predictions).toBe(replayed!.predictions);
    expect(consistency!.values).toBe(replayed!.predictions * project.models[0]!.features.features.length);
    expect(steady.windows.reduce((sum, w) => sum + w.predictions, 0)).toBe(replayed!.predictions);
  });

  test('says of every version what it was trained on, and finds no leak', () => {
    for (const {dataset, artifact, evaluation, metrics} of steady.versions) {
      expect(dataset.leakage.filter(f => f.severity === 'block')).toEqual([]);
      expect(dataset.leakage.filter(f => f.check === 'own-or-future-event').length).toBe(6);
      expect(artifact.onnxRows).toBeGreaterThan(100);
      expect(artifact.onnxMaxDifference).toBeLessThan(1e-5);
      expect(evaluation.passed).toBe(true);
      expect(metrics.auc).toBeGreaterThan(0.6);
      expect(dataset.asOf).toBeLessThanOrEqual(dataset.to);
    }
  });

  test('ends the same on one thread and on two: decisions, hashes, artifacts, figures', async () => {
    const {host, summary} = await quickstart(project, {
      folder: newFolder(),
      threads: 2,
      httpEvery: 0,
      serve: NO_SERVER,
    });
    const definition = project.models[0]!;
    try {
      expect(repeatable(summary)).toEqual(repeatable(steady));
      // What monitoring made of the labels is what a training set of the same days makes of them.
      const asOf = host.runtime.clock.now();
      const {times, labels} = await trainingSetOf(host.runtime, definition, {
        from: summary.windows[0]!.from,
        asOf,
        createdAt: asOf,
      });
      for (const {from, to, performance} of summary.windows) {
        const inside = labels.filter((_, i) => times[i]! >= from && times[i]! < to);
        expect(performance!.labelled).toBe(inside.length);
        expect(performance!.overall.positives).toBe(inside.reduce((sum, y) => sum + y, 0));
      }
    } finally {
      await host.runtime.close();
    }
  });

  test('goes on after a stop in the middle of a canary as if nothing had been', async () => {
    const folder = newFolder();
    const stop = new AbortController();
    let stopped: Host | undefined;
    const cutOff = quickstart(project, {
      folder,
      threads: 1,
      httpEvery: 0,
      signal: stop.signal,
      onRetrain: ({outcome}) => {
        if (outcome === 'canary') stop.abort();
      },
      serve: async host => {
        stopped = host;
        return NO_SERVER();
      },
    });
    await expect(cutOff).rejects.toThrow(/abort/i);

    const clock = new ManualClock(stopped!.runtime.clock.now());
    expect(clock.now()).toBeLessThan(CHANGE + 5 * DAY);
    const runtime = await openRuntime(project, {folder, clock, threads: 1, durability: 'process'});
    try {
      const platform = await LivePlatform.open(runtime, {training: 'wait'});
      expect(platform.events.executor.position).toBe(runtime.log.end());
      expect(platform.models[0]!.pending).toBeGreaterThan(50);
      expect(platform.drivers.get('punctuality')!.running).toMatchObject({outcome: 'canary'});
      await replay(platform, {clock, from: clock.now(), httpEvery: 0});
      const host = new Host(runtime);
      host.platform = platform;
      expect(story(await runSummary(host))).toEqual(story(steady));
      expect((await checkConsistency(runtime, project.models[0]!)).mismatches).toBe(0);
      expect(readdirSync(folder)).not.toContain('consistency.parquet');
    } finally {
      await runtime.close();
    }
  });

  test('takes no folder that holds anything but an earlier run', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    const options = {folder, threads: 1, httpEvery: 0, serve: NO_SERVER};
    await expect(quickstart(project, options)).rejects.toMatchObject({code: 'USAGE'});
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });
});
