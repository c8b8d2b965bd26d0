// The files that are shipped for Prometheus and Grafana, against a server that runs.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {runProgram} from '../../src/cli/program.ts';
import {Terminal} from '../../src/cli/terminal/terminal.ts';
import {type SmallPlatform, smallPlatform} from '../../src/server/testing/small-platform.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILES = join(ROOT, 'templates/observability');
const folder = mkdtempSync(join(tmpdir(), 'observability-'));
afterAll(() => rmSync(folder, {recursive: true}));

type Target = {readonly refId: string; readonly expr: string; readonly datasource: {readonly uid: string}};
type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly gridPos: {readonly x: number; readonly y: number; readonly w: number; readonly h: number};
};
type Dashboard = {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {readonly list: readonly {readonly name: string; readonly type: string}[]};
  readonly annotations: {readonly list: readonly {readonly expr: string}[]};
};

const dashboard = JSON.parse(readFileSync(join(FILES, 'grafana-dashboard.json'), 'utf8')) as Dashboard;
const rules = readFileSync(join(FILES, 'millrace-rules.yml'), 'utf8');
const expressions = [
  ...dashboard.panels.flatMap(({targets = []}) => targets.map(({expr}) => expr)),
  ...dashboard.annotations.list.map(({expr}) => expr),
  ...rules.split('\n').filter(line => !line.trimStart().startsWith('#')),
];
const named = new Set(
  expressions.flatMap(expr => [...expr.matchAll(/\b(?:millrace|nodejs|process)_[a-z0-9_]+\b/g)].map(([name]) => name)),
);

describe('the metrics that the files name', () => {
  let small: SmallPlatform;
  beforeAll(async () => {
    small = await smallPlatform();
    await small.open();
  });
  afterAll(() => small.close());

  test('are those of a server', async () => {
    await fetch(`${small.server.url}/health/live`);
    const text = await (await fetch(`${small.server.url}/metrics`)).text();
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
    expect(named.size).toBeGreaterThan(30);
    for (const name of named) {
      const histogram = name.replace(/_(bucket|sum|count)$/, '');
      expect(types.has(name) || types.get(histogram) === 'histogram', name).toBe(true);
    }
  });
});

describe('the dashboard', () => {
  test('is what its panels are written down as', () => {
    const made = join(folder, 'dashboard.json');
    execFileSync(process.execPath, [join(ROOT, 'tools/build-dashboard.mjs'), made]);
    expect(JSON.parse(readFileSync(made, 'utf8'))).toEqual(dashboard);
  });

  test('has panels that fit into its grid, each with its own id and the data source that is chosen', () => {
    const {panels, templating, schemaVersion} = dashboard;
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
    expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length);
    expect(templating.list.map(({name, type}) => [name, type])).toEqual([
      ['source', 'datasource'],
      ['model', 'query'],
    ]);
    const taken = new Set<string>();
    for (const {gridPos, title} of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
    }
    const queries = panels.flatMap(({targets = []}) => targets);
    expect(queries.every(({datasource}) => datasource.uid === '$source')).toBe(true);
    for (const {targets = []} of panels) expect(new Set(targets.map(({refId}) => refId)).size).toBe(targets.length);
    expect(panels.filter(({type}) => type === 'row').map(({title}) => title.split(':')[0])).toEqual([
      'Promises',
      'Performance',
      'Predictions',
      'Features and inputs',
      'Service',
    ]);
  });
});

describe('millrace observability', () => {
  async function run(...args: string[]): Promise<{code: number; out: string; err: string}> {
    let out = '';
    let err = '';
    const terminal = new Terminal({
      stdout: {write: text => (out += text)},
      stderr: {write: text => (err += text)},
      env: {},
    });
    const code = await runProgram(['observability', ...args], terminal);
    return {code, out, err};
  }

  test('writes them for an address, and over others only when it is told to', async () => {
    const out = join(folder, 'out');
    expect(await run('--out', out, '--target', 'models.internal:80')).toMatchObject({code: 0});
    expect(readdirSync(out)).toEqual(readdirSync(FILES));
    expect(readFileSync(join(out, 'prometheus.yml'), 'utf8')).toContain("targets: ['models.internal:80']");
    expect(readFileSync(join(out, 'millrace-rules.yml'), 'utf8')).toBe(rules);
    expect(await run('--out', out)).toMatchObject({code: 2, err: expect.stringContaining('--force')});
    expect(await run('--out', out, '--force')).toMatchObject({code: 0});
    expect(await run('--out', join(folder, 'b'), '--target', "x'\n- y")).toMatchObject({code: 2});
  });
});
