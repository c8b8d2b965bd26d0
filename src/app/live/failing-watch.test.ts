// People are told of what is known, though monitoring itself has failed.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {logLines, notifications, slo} from '../../monitoring/index.ts';
import {type Alert, ManualClock, MillraceError} from '../../protocol/index.ts';
import {couriers, NOW} from '../batch/batch.fixture.ts';
import {openRuntime} from '../runtime/open.ts';
import {LivePlatform} from './live-platform.ts';

const MINUTE = 60_000;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'failing-watch-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const page: Alert = {
  id: 'punctuality:performance:auc@1',
  model: 'punctuality',
  kind: 'performance',
  severity: 'page',
  subject: 'auc',
  openedAt: NOW,
  resolvedAt: null,
  windowId: 'punctuality@1',
  measured: 0.6,
  threshold: 0.7,
  title: 'AUC 0.600, tested at 0.741',
  message: '',
  action: null,
};

test('a watch that fails keeps neither objectives from being judged nor people from being told, and its failure is passed on', async () => {
  const project = await couriers();
  const [first] = project.models as [(typeof project.models)[number]];
  const slos = [slo('answered', {of: 'availability', target: 0.99, over: '1d'})];
  const models = [{...first, monitor: {...first.monitor, slos}}];
  const clock = new ManualClock(NOW);
  const told = {...project, models, notifications: notifications({channels: [logLines()]})};
  const runtime = await openRuntime(told, {folder, clock, threads: 1, durability: 'process'});
  const lines: string[] = [];
  try {
    await runtime.monitoring.saveAlerts([page]);
    const platform = await LivePlatform.open(runtime, {
      training: 'poll',
      tell: {environment: {}, write: line => lines.push(line)},
    });
    const {watch, slos: levels} = platform.model('punctuality');
    const failure = new MillraceError('STORE_CORRUPT', 'The profile of version 1 cannot be read.');
    watch.tick = async () => {
      throw failure;
    };
    for (let i = 0; i < 50; i++) levels.unanswered(1, clock.now());
    clock.advanceTo(NOW + MINUTE);
    await expect(platform.tick()).rejects.toBe(failure);
    await platform.incidents.settled();
    expect(watch.openAlerts.map(({kind}) => kind)).toEqual(['performance', 'slo']);
    expect(lines.map(line => JSON.parse(line).title)).toEqual(['punctuality: AUC 0.600, tested at 0.741']);
    expect(platform.incidents.current).toHaveLength(2);
    await platform.incidents.stop();
  } finally {
    await runtime.close();
  }
});
