// A project with notifications, from its definitions to a message that arrives.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startReceiver} from '../../monitoring/channels/contract/receiver.ts';
import {notifications, slack, webhook} from '../../monitoring/index.ts';
import {type Alert, ManualClock} from '../../protocol/index.ts';
import {couriers, NOW} from '../batch/batch.fixture.ts';
import {LivePlatform} from '../live/live-platform.ts';
import {collectProject} from '../project/project.ts';
import {openRuntime} from '../runtime/open.ts';
import {originsOf} from './feature-origins.ts';

const MINUTE = 60_000;
const told = notifications({
  channels: [webhook('oncall', {url: {env: 'ONCALL_URL'}}), slack('team', {url: {env: 'TEAM_URL'}})],
  routes: {page: ['oncall'], ticket: ['team']},
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-incidents-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const alert = (features: readonly string[]): Alert => ({
  id: 'punctuality:drift:features@1',
  model: 'punctuality',
  kind: 'drift',
  severity: 'ticket',
  subject: 'features',
  openedAt: NOW,
  resolvedAt: null,
  windowId: 'punctuality@1',
  measured: 0.5,
  threshold: 0.2,
  title: `${features.length} features drift`,
  message: '',
  action: null,
  features: features.map(feature => ({feature, effect: 0.5, importance: 0.1, estimatedChange: null})),
});

describe('a project with notifications', () => {
  test('has one of them', async () => {
    const {name, folder: at, models} = await couriers();
    expect(collectProject(name, at, {told}).notifications).toBe(told);
    expect(collectProject(name, at, {told, same: told}).notifications).toBe(told);
    expect(() => collectProject(name, at, {told, other: notifications({channels: []})})).toThrow(
      expect.objectContaining({code: 'PROJECT_INVALID'}),
    );
    expect(collectProject(name, at, {}).notifications).toBeUndefined();
    const origins = originsOf(models[0]!.features);
    const of = (feature: string) => origins.get(feature);
    expect(of('distance')).toEqual({view: null, stream: null, request: 'distance'});
    for (const {view} of models[0]!.features.views)
      for (const feature of view.features)
        expect(of(feature.name)).toEqual({view: view.name, stream: view.source.name, request: null});
  });

  test('tells the channel of the route what drifts, from which source, and that it is over; a replay tells nobody', async () => {
    const project = {...(await couriers()), notifications: told};
    const clock = new ManualClock(NOW);
    const runtime = await openRuntime(project, {folder, clock, threads: 1, durability: 'process'});
    const team = await startReceiver();
    const environment = {TEAM_URL: team.url};
    const tick = async (platform: LivePlatform) => {
      clock.advanceTo(clock.now() + 10 * MINUTE);
      await platform.tick();
      await platform.incidents.settled();
    };
    try {
      const [view] = project.models[0]!.features.views;
      const opened = alert(view!.view.features.slice(0, 2).map(({name}) => name));
      await runtime.monitoring.saveAlerts([opened]);
      const replayed = await LivePlatform.open(runtime, {training: 'wait'});
      await tick(replayed);
      expect(await replayed.incidents.deliveries()).toEqual([]);

      const platform = await LivePlatform.open(runtime, {training: 'poll', tell: {environment, write: () => {}}});
      expect(platform.problems).toEqual([
        "Channel 'oncall' needs the environment variable ONCALL_URL, which is not set.",
      ]);
      await tick(platform);
      expect(team.received).toHaveLength(1);
      const {text} = JSON.parse(team.received[0]!.text);
      expect(text).toMatch(/^\[ticket\] punctuality: 2 features drift \((source|view) \w+\)$/);
      platform.model('punctuality').watch.adopt([{...opened, resolvedAt: clock.now()}]);
      await tick(platform);
      await tick(platform);
      expect(team.received).toHaveLength(2);
      expect(JSON.parse(team.received[1]!.text).text).toContain('[resolved] punctuality: 2 features drift');
    } finally {
      await team.close();
      await runtime.close();
    }
  });
});
