// One model as it is watched, on real stores in throw-away folders: windows, labels, restarts.
import {cpSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {type MonitorPolicyInput, monitorPolicy} from '../../monitoring/index.ts';
import {type Alert, type AlertKind, ManualClock, type MonitorWindow} from '../../protocol/index.ts';
import {couriers, deploy, NOW} from '../batch/batch.fixture.ts';
import {Host} from '../host/host.ts';
import {monitoredWindows} from '../host/monitored-windows.ts';
import type {Project} from '../project/project.ts';
import {openRuntime} from '../runtime/open.ts';
import type {Runtime} from '../runtime/runtime.ts';
import {LivePlatform} from './live-platform.ts';

const HOUR = 3_600_000;
const START = NOW + HOUR;
const KITCHENS = ['k0', 'k1', 'k2'];
const trained = mkdtempSync(join(tmpdir(), 'watch-'));
const folders: string[] = [trained];
let opened: Runtime[] = [];

const withPolicy = async (input: MonitorPolicyInput = {}): Promise<Project> => {
  const project = await couriers();
  const monitor = monitorPolicy({window: '1h', minLabelled: 20, slices: ['kitchen'], ...input});
  return {...project, models: [{...project.models[0]!, monitor}]};
};

async function open(folder: string, now: number, input: MonitorPolicyInput = {}) {
  const clock = new ManualClock(now);
  const runtime = await openRuntime(await withPolicy(input), {folder, clock, threads: 1, durability: 'process'});
  opened.push(runtime);
  const platform = await LivePlatform.open(runtime, {training: 'wait'});
  return {clock, runtime, platform, model: platform.models[0]!};
}
type Live = Awaited<ReturnType<typeof open>>;

function copied(): string {
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  folders.push(folder);
  cpSync(trained, folder, {recursive: true});
  return folder;
}

/** As kill -9 leaves it: nothing is closed in order. What was answered is in the log. */
async function stop({runtime}: Live): Promise<void> {
  await runtime.predictions.flush();
  await runtime.close();
  opened = opened.filter(one => one !== runtime);
}

beforeAll(async () => {
  const clock = new ManualClock(NOW);
  const runtime = await openRuntime(await withPolicy(), {folder: trained, clock, threads: 1, durability: 'process'});
  await deploy(runtime);
  await runtime.close();
}, 60_000);
afterEach(async () => {
  for (const runtime of opened.splice(0)) await runtime.close();
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true});
});

/** Predicts an order every 30 seconds from one time to another, in order of time; ticks on the hour. */
async function predict({clock, model, platform}: Live, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 30_000) {
    clock.advanceTo(at);
    if (at % HOUR === 0) await platform.tick();
    const random = seededRandom(at / 1_000);
    model.predict({kitchen: KITCHENS[Math.floor(random() * 3)]!, distance: 1 + 5 * random()}, `o${at}`);
  }
}

/** The label of every order made in [from, to), known at `at`: late every other time, unless told. */
async function deliver({clock, platform}: Live, from: number, to: number, at: number, late?: boolean): Promise<void> {
  clock.advanceTo(at);
  const rows = [];
  for (let order = from; order < to; order += 30_000)
    rows.push({
      orderId: `o${order}`,
      kitchen: 'k0',
      delay: (late ?? (order / 30_000) % 2 === 0) ? 20 : 0,
      deliveredAt: new Date(at).toISOString(),
    });
  await platform.push('deliveries', rows);
}

/** Measured by the wall. */
const timeless = (windows: readonly MonitorWindow[]) =>
  windows.map(({latencyUs: _, byVersion, ...window}) => ({
    ...window,
    byVersion: byVersion.map(({version, predictions}) => ({version, predictions})),
  }));

test('a window that was open when the process stopped has the same record, requests that failed included', async () => {
  const live = async (folder: string, stops: boolean) => {
    let live = await open(folder, START);
    await predict(live, START, START + 1.5 * HOUR);
    expect(() => live.model.parse({kitchen: 7}, '')).toThrow();
    await live.platform.tick();
    if (stops) {
      await stop(live);
      live = await open(folder, START + 1.5 * HOUR);
    }
    await predict(live, START + 1.5 * HOUR, START + 3 * HOUR);
    await deliver(live, START, START + 2 * HOUR, START + 3 * HOUR);
    live.clock.advanceTo(START + 7 * HOUR);
    await live.platform.tick();
    return live.model.watch.windows;
  };
  const steady = await live(copied(), false);
  const stopped = await live(copied(), true);
  expect(steady.map(({predictions, errors}) => [predictions, errors]).slice(0, 3)).toEqual([
    [120, 0],
    [120, 1],
    [120, 0],
  ]);
  expect(timeless(stopped)).toEqual(timeless(steady));
  expect(steady[0]!.estimate).toBeDefined();
});

test('labels are told by age, and a window is scored once, by slice too', async () => {
  const live = await open(copied(), START);
  await predict(live, START, START + HOUR);
  await deliver(live, START, START + HOUR / 2, START + HOUR);
  for (const age of [0, 1, 2, 4]) {
    live.clock.advanceTo(START + HOUR + age * HOUR);
    await live.platform.tick();
  }
  const [window] = live.model.watch.windows;
  expect(window!.labels!.map(({ageMs, labelled, pending}) => [ageMs / HOUR, labelled, pending])).toEqual([
    [0, 60, 60],
    [1, 60, 60],
    [2, 60, 60],
    [4, 60, 0],
  ]);
  expect(window!.labels![0]!.provisional!.rows).toBe(60);
  expect(window!.performance).toMatchObject({labelled: 60, unknown: 60});
  const slices = window!.slices!.filter(({performance}) => performance !== null);
  expect(slices.length).toBeGreaterThan(0);
  for (const {performance, predictions} of slices) expect(performance!.rows).toBeLessThanOrEqual(predictions);
});

test('labels that come late score their window again, also after a restart, and resolve what it had opened', async () => {
  const folder = copied();
  const policy: MonitorPolicyInput = {calibration: {ratio: [0.8, 1.25], for: {k: 1, n: 1}}, performance: null};
  let live = await open(folder, START, policy);
  const pages = () => live.model.watch.openAlerts.filter(({severity}) => severity === 'page').map(({kind}) => kind);
  await predict(live, START, START + HOUR);
  // The late ones were known first.
  await deliver(live, START, START + HOUR / 2, START + HOUR, true);
  live.clock.advanceTo(START + 5 * HOUR);
  await live.platform.tick();
  expect(live.model.watch.windows[0]!.performance).toMatchObject({labelled: 60, unknown: 60});
  expect(pages()).toEqual(['calibration']);
  await stop(live);
  live = await open(folder, START + 5 * HOUR, policy);
  await live.platform.tick();
  expect(pages()).toEqual(['calibration']);
  await deliver(live, START + HOUR / 2, START + HOUR, START + 5.5 * HOUR, false);
  await live.platform.tick();
  const [window] = live.model.watch.windows;
  expect(window!.performance).toMatchObject({labelled: 120, unknown: 0});
  expect((await live.runtime.monitoring.windows('punctuality'))[0]).toEqual(window);
  expect(pages()).toEqual([]);
  const [alert] = (await live.runtime.monitoring.alerts('punctuality')).filter(({kind}) => kind === 'calibration');
  expect(alert!.resolvedAt).toBe(START + 5.5 * HOUR);
});

test('a window that could not be kept is closed by the next tick, with the labels that came meanwhile, and counted once', async () => {
  const watched = async (fails: boolean) => {
    const live = await open(copied(), START, {sliding: 3});
    const {monitoring} = live.runtime;
    await predict(live, START, START + 2 * HOUR);
    await deliver(live, START, START + HOUR, START + HOUR);
    live.clock.advanceTo(START + 6 * HOUR);
    if (fails) {
      Object.assign(monitoring, {saveWindow: () => Promise.reject(new Error('The disk is full.'))});
      await expect(live.platform.tick()).rejects.toThrow('The disk is full.');
      Reflect.deleteProperty(monitoring, 'saveWindow');
    }
    await live.platform.tick();
    return live.model.watch.windows;
  };
  const steady = await watched(false);
  const failed = await watched(true);
  expect(steady[0]!.performance).toMatchObject({labelled: 120});
  expect(timeless(failed)).toEqual(timeless(steady));
});

test('of many windows the newest are kept at hand; bounds bring the others back', async () => {
  const folder = copied();
  let live = await open(folder, START);
  await predict(live, START, START + HOUR);
  live.clock.advanceTo(START + HOUR);
  await live.platform.tick();
  const [last] = live.model.watch.windows;
  const at = (hours: number): MonitorWindow => {
    const from = last!.from - hours * HOUR;
    return {...last!, id: `punctuality@${new Date(from).toISOString()}`, from, to: from + HOUR};
  };
  for (let hours = 1; hours < 2_100; hours++) await live.runtime.monitoring.saveWindow(at(hours), []);
  await stop(live);
  live = await open(folder, START + 6 * HOUR);
  await live.platform.tick();
  expect(live.model.watch.windows).toHaveLength(2_000);
  const host = new Host(live.runtime, {});
  host.platform = live.platform;
  expect(await monitoredWindows(host, 'punctuality')).toEqual(live.model.watch.windows);
  expect(await monitoredWindows(host, 'punctuality', {to: at(2_096).from})).toHaveLength(3);
  host.platform = null;
  expect(await monitoredWindows(host, 'punctuality')).toHaveLength(2_000);
  await expect(monitoredWindows(host, 'nobody')).rejects.toMatchObject({code: 'MODEL_NOT_FOUND'});
});

test('labels that never come: the window says so once, and is not waited for again', async () => {
  const folder = copied();
  let live = await open(folder, START);
  await predict(live, START, START + HOUR);
  live.clock.advanceTo(START + 6 * HOUR);
  await live.platform.tick();
  const [window] = live.model.watch.windows;
  expect(window!.performance).toBeNull();
  expect(window!.labels!.at(-1)).toMatchObject({labelled: 0, pending: 0});
  expect(live.model.watch.openAlerts.filter(({severity}) => severity === 'page')).toEqual([]);
  await stop(live);
  live = await open(folder, START + 20 * HOUR);
  const needed = await live.model.watch.open();
  expect(needed.from).toBe(needed.monitoredTo);
});

test('a window with three rows raises nothing', async () => {
  const live = await open(copied(), START);
  await predict(live, START, START + 90_000);
  for (let hour = 1; hour < 8; hour++) {
    live.clock.advanceTo(START + hour * HOUR);
    await live.platform.tick();
  }
  const [window, ...silent] = live.model.watch.windows;
  expect([window!.predictions, silent.length]).toEqual([3, 6]);
  expect(window!.drift.every(({verdict}) => verdict === 'insufficient data')).toBe(true);
  expect(live.model.watch.openAlerts).toEqual([]);
});

test('windows slide, add up and are compared with those of the weeks before, once there are enough of them', async () => {
  const day = 24 * HOUR;
  const monday = Date.UTC(2024, 0, 8);
  const policy: MonitorPolicyInput = {window: '1d', sliding: 3, slices: [], reference: {kind: 'season', weeks: 3}};
  const live = await open(copied(), monday, policy);
  for (let week = 0; week < 4; week++)
    for (const from of [monday + 7 * week * day, monday + (7 * week + 1) * day]) {
      await predict(live, from, from + HOUR);
      live.clock.advanceTo(from + day);
      await live.platform.tick();
    }
  const busy = live.model.watch.windows.filter(({predictions}) => predictions > 0);
  expect(busy.map(({reference}) => reference!.windows)).toEqual([0, 0, 0, 0, 0, 0, 3, 3]);
  const last = busy.at(-1)!;
  expect(last.longer!.map(({span, from, predictions}) => [span, (last.to - from) / day, predictions])).toEqual([
    ['sliding', 3, 240],
    ['cumulative', 23, 960],
  ]);
});

test('alerts about a version that another replaced while the process was down, and of rules that are no more, resolve', async () => {
  const folder = copied();
  const before = await open(folder, START);
  await predict(before, START, START + HOUR);
  before.clock.advanceTo(START + HOUR);
  await before.platform.tick();
  const [window] = before.model.watch.windows;
  const alert = (kind: AlertKind, subject: string): Alert => ({
    ...{
      id: `punctuality:${kind}`,
      model: 'punctuality',
      kind,
      severity: 'ticket',
      subject,
      openedAt: START,
      action: null,
    },
    ...{resolvedAt: null, windowId: window!.id, measured: 1, threshold: 0, title: kind, message: kind},
  });
  const alerts = [alert('drift', 'features'), alert('volume', 'predictions'), alert('latency', 'p99')];
  await before.runtime.monitoring.saveWindow(window!, alerts, {});
  await stop(before);
  const same = await open(folder, START + HOUR);
  const kinds = ({model}: Live) => [...new Set(model.watch.openAlerts.map(({kind}) => kind))].sort();
  expect(kinds(same)).toEqual(['drift', 'volume']);
  await same.runtime.monitoring.saveWindow({...window!, profile: 99}, [], {});
  await stop(same);
  const other = await open(folder, START + HOUR);
  expect(kinds(other)).toEqual(['volume']);
});
