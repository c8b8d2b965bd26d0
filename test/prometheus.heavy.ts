// A real Prometheus reads a real server by the files that are shipped: they are valid, every query of the dashboard is
// answered, and a budget that burns fires an alert.
import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {deploy, type SmallPlatform, smallPlatform} from '../src/server/testing/small-platform.ts';

const ROOT = join(import.meta.dirname, '..');
const FILES = join(ROOT, 'templates/observability');
const DAY = 86_400_000;

const isThere = (command: string): boolean => {
  try {
    execFileSync(command, ['--version'], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
};
const there = isThere('prometheus') && isThere('promtool');
if (!there) console.warn('Not run: prometheus and promtool are not there (apt-get install prometheus).');

const promtool = (args: readonly string[], input?: string): string =>
  execFileSync('promtool', args, {encoding: 'utf8', ...(input === undefined ? {} : {input})});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as {port: number};
  await new Promise(resolve => server.close(resolve));
  return port;
}

async function until<T>(look: () => Promise<T | null>, withinMs: number, what: string): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await look().catch(() => null);
    if (found !== null) return found;
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}.`);
    await delay(250);
  }
}

describe.skipIf(!there)('the shipped files and Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  let small: SmallPlatform;
  let prometheus: ChildProcess;
  let said = '';
  let api: string;
  beforeAll(async () => {
    small = await smallPlatform('careful');
    await deploy(small);
    await small.open();
    const instances = Array.from({length: 300}, (_, i) => ({kitchen: `k${1 + (i % 3)}`, distance: 1 + (i % 9)}));
    await fetch(`${small.server.url}/v1/models/punctuality/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({instances}),
    });
    small.clock.advanceTo(small.clock.now() + DAY);
    await small.host.platform!.tick();

    for (const file of readdirSync(FILES)) copyFileSync(join(FILES, file), join(folder, file));
    const config = readFileSync(join(FILES, 'prometheus.yml'), 'utf8')
      .replace('127.0.0.1:4100', new URL(small.server.url).host)
      .replaceAll('_interval: 15s', '_interval: 1s');
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const port = await freePort();
    api = `http://127.0.0.1:${port}/api/v1`;
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      {stdio: ['ignore', 'ignore', 'pipe']},
    );
    prometheus.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  });
  afterAll(async () => {
    const ended = new Promise(resolve => prometheus.once('exit', resolve));
    prometheus.kill('SIGTERM');
    await ended;
    await small.close();
    rmSync(folder, {recursive: true, force: true});
  });

  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(api + path);
    const body = (await answer.json()) as {status: string; data: T; error?: string};
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`);
    return body.data;
  };
  const query = (expr: string) =>
    ask<{result: readonly {metric: Record<string, string>; value: [number, string]}[]}>(
      `/query?query=${encodeURIComponent(expr)}`,
    );

  test('promtool finds the configuration and the rules valid, and the rules do what their tests say', () => {
    expect(promtool(['check', 'config', join(FILES, 'prometheus.yml')])).toContain('SUCCESS');
    expect(promtool(['check', 'rules', join(FILES, 'millrace-rules.yml')])).toContain('9 rules found');
    expect(promtool(['test', 'rules', join(ROOT, 'test/observability/millrace-rules.test.yml')])).toContain('SUCCESS');
  });

  test('promtool finds nothing wrong with the metrics', async () => {
    const text = await (await fetch(`${small.server.url}/metrics`)).text();
    // Names of Node's own metrics are those of the client library.
    const ours = text
      .split('\n')
      .filter(line => /^(# (HELP|TYPE) )?millrace_/.test(line))
      .join('\n');
    expect(promtool(['check', 'metrics'], `${ours}\n`)).toBe('');
  });

  test('Prometheus reads the server and the rules', async () => {
    const up = await until(
      async () => (await query('up{job="millrace"} == 1')).result[0] ?? null,
      30_000,
      `the server is up: ${said}`,
    );
    expect(up.metric.instance).toBe(new URL(small.server.url).host);
    // Rates want more than one.
    await until(
      async () => (await query('count_over_time(up{job="millrace"}[1m]) > 4')).result[0] ?? null,
      30_000,
      'it is read again and again',
    );
    const {groups} = await ask<{groups: {name: string; rules: {name: string; health: string}[]}[]}>('/rules');
    expect(groups.map(({name, rules}) => [name, rules.length])).toEqual([
      ['millrace-models', 3],
      ['millrace-service', 6],
    ]);
    const [drift] = (await query('count(millrace_drift_effect)')).result;
    expect(Number(drift!.value[1])).toBeGreaterThan(0);
  });

  test('every query of the dashboard is one that Prometheus answers', async () => {
    const dashboard = readFileSync(join(FILES, 'grafana-dashboard.json'), 'utf8');
    const queries = [...dashboard.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
      ([, text]) => JSON.parse(text!) as string,
    );
    expect(queries.length).toBeGreaterThan(40);
    let answered = 0;
    for (const expr of queries) {
      const filled = expr.replaceAll('$model', '.*').replaceAll('$__rate_interval', '10s');
      if ((await query(filled)).result.length > 0) answered++;
    }
    // Of what this small project has nothing to say (workers, estimates, messages), there are no series.
    expect(answered).toBeGreaterThan(queries.length / 2);
  });

  test('a budget that burns fires a page, and nothing else does', async () => {
    expect((await query('ALERTS{alertstate="firing"}')).result).toEqual([]);
    const [model] = small.host.platform!.models;
    for (let i = 0; i < 6; i++) {
      model!.slos.unanswered(20, small.clock.now());
      small.clock.advanceTo(small.clock.now() + 60_000);
      await small.host.platform!.tick();
    }
    const firing = await until(
      async () => {
        const {alerts} = await ask<{
          alerts: {labels: Record<string, string>; annotations: Record<string, string>; state: string}[];
        }>('/alerts');
        const found = alerts.filter(({state}) => state === 'firing');
        return found.length > 0 ? found : null;
      },
      30_000,
      'an alert fires',
    );
    expect(firing.map(({labels}) => [labels.alertname, labels.slo, labels.severity])).toEqual([
      ['MillraceErrorBudgetBurnsFast', 'answers', 'page'],
    ]);
    expect(firing[0]!.annotations.summary).toMatch(
      /^The error budget of 'answers' \(punctuality\) burns [\d.]+ times too fast\.$/,
    );
  });
});
