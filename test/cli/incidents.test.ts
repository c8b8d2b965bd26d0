// What `millrace incidents` and `millrace silence` print and keep, on the stores and through a server that runs.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {Host, LivePlatform, loadProject, openDesk, openRuntime} from '../../src/app/index.ts';
import {runProgram} from '../../src/cli/program.ts';
import {announceServer} from '../../src/cli/server-file.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import type {Alert, Incident, IncidentDetail, Silence} from '../../src/protocol/index.ts';
import {startServer} from '../../src/server/index.ts';

const PROJECT = resolve(import.meta.dirname, '../projects/couriers');
const OPENED = Date.UTC(2026, 3, 1, 14, 5);
const alert: Alert = {
  id: 'punctuality:performance:auc@1',
  model: 'punctuality',
  kind: 'performance',
  severity: 'page',
  subject: 'auc',
  openedAt: OPENED,
  resolvedAt: null,
  windowId: 'punctuality@1',
  measured: 0.7,
  threshold: 0.72,
  title: 'AUC 0.7, tested at 0.74',
  message: 'AUC 0.7 [0.69, 0.71] of version 1.',
  action: null,
};
const drift: Alert = {
  ...alert,
  id: 'punctuality:prediction-drift:prediction@1',
  kind: 'prediction-drift',
  severity: 'ticket',
  title: 'Predictions drift',
};
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-incidents-'));
  const runtime = await openRuntime(await loadProject(PROJECT), {folder, threads: 1});
  await runtime.monitoring.saveAlerts([alert, drift]);
  await openDesk(runtime).open();
  await runtime.close();
});
afterEach(() => {
  process.exitCode = undefined;
});
afterAll(() => rmSync(folder, {recursive: true}));

async function millrace(command: string, ...args: string[]) {
  let out = '';
  let err = '';
  const terminal = new Terminal({
    stdout: {write: (text: string) => (out += text)},
    stderr: {write: (text: string) => (err += text)},
    env: {},
  });
  return {
    code: await runProgram([...command.split(' '), '--project', PROJECT, '--data', folder, ...args], terminal),
    out,
    err,
  };
}

describe('millrace incidents', () => {
  test('lists what is open, and tells of one what it is made of', async () => {
    expect((await millrace('incidents')).out).toMatch(
      /punctuality\.1 +page +2026-04-01 14:05 +open +punctuality: AUC 0\.7, tested at 0\.74/,
    );
    const {out} = await millrace('incidents punctuality.1');
    expect(out).toContain('punctuality.1  page  open  model punctuality');
    expect(out).toContain(
      '  ticket Predictions drift 2026-04-01 14:05 · not sent: Follows from: AUC 0.7, tested at 0.74',
    );
    expect(out).toContain('Page: AUC 0.7, tested at 0.74');
  });

  test('acknowledges and judges, on the stores and through a server alike', async () => {
    const acknowledged = await millrace('incidents punctuality.1 --acknowledge --by ada --json');
    expect((JSON.parse(acknowledged.out) as IncidentDetail).incident.acknowledgedBy).toBe('ada');

    const runtime = await openRuntime(await loadProject(PROJECT), {folder, threads: 1});
    const host = new Host(runtime);
    const server = await startServer(host, {port: 0});
    const goAway = announceServer(folder, server.url);
    host.platform = await LivePlatform.open(runtime, {training: 'poll'});
    try {
      const judged = await millrace('incidents punctuality.1 --noise --by bob --json');
      expect((JSON.parse(judged.out) as IncidentDetail).incident.feedback).toMatchObject({verdict: 'noise', by: 'bob'});
      const made = await millrace('silence create --model punctuality --for 2h --reason testing --json');
      await host.platform.tick();
      expect((JSON.parse(made.out) as Silence).matches).toEqual({model: 'punctuality'});
      expect((await millrace('incidents')).out).toMatch(/ silenced /);
      expect((await millrace('silence list')).out).toMatch(/active +model punctuality .* testing/);
      expect((await millrace(`silence end ${(JSON.parse(made.out) as Silence).id}`)).out).toContain('has ended');
      expect((await millrace('silence list')).out).toContain('Nothing is silenced.');
    } finally {
      goAway();
      await server.close();
      await runtime.close();
    }
    const all = JSON.parse((await millrace('incidents --state all --json')).out) as Incident[];
    expect(all.map(({id, acknowledgedBy}) => [id, acknowledgedBy])).toEqual([['punctuality.1', 'ada']]);
  });

  test.each<[string, number, string]>([
    ['incidents --acknowledge', 2, 'Name one'],
    ['incidents punctuality.9', 4, 'There is no incident'],
    ['incidents --model punctualty', 4, 'did you mean punctuality'],
    ['incidents --state closed', 2, 'Allowed choices'],
    ['silence create --model x --reason y', 2, 'Give either to (a time) or for'],
    ['silence create --for 2h --reason y', 2, 'Give one or more of model, kind, subject, cause'],
    ['silence end nothing', 4, 'There is no silence'],
  ])('%s ends with %i', async (command, code, words) => {
    const ended = await millrace(command);
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(words)]);
  });
});
