import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {parseExposition, type Series} from './metrics/exposition.fixture.ts';
import {deploy, type SmallPlatform, smallPlatform} from './testing/small-platform.ts';

const DAY = 86_400_000;

let small: SmallPlatform;
beforeAll(async () => {
  small = await smallPlatform('careful');
  await deploy(small);
  await small.open();
});
afterAll(() => small.close());

const scrape = async (): Promise<Series[]> =>
  parseExposition(await (await fetch(`${small.server.url}/metrics`)).text());
const of = (all: readonly Series[], name: string, labels: Record<string, string> = {}) =>
  all
    .filter(
      series => series.name === name && Object.entries(labels).every(([key, value]) => series.labels[key] === value),
    )
    .map(({value}) => value);

describe('GET /metrics', () => {
  test('is valid before anything was predicted, and says nothing of windows that are not there', async () => {
    const all = await scrape();
    expect(of(all, 'millrace_predictions_total')).toEqual([0]);
    expect(of(all, 'millrace_window_end_timestamp_seconds')).toEqual([]);
    expect(of(all, 'millrace_slo_budget_left')).toEqual([]);
    expect(of(all, 'millrace_slo_target', {slo: 'answers'})).toEqual([0.999]);
  });

  test('tells of features, predictions, objectives, alerts and the process when a window has closed', async () => {
    const instances = Array.from({length: 300}, (_, i) => ({kitchen: `k${1 + (i % 3)}`, distance: 20 + (i % 9)}));
    const answer = await fetch(`${small.server.url}/v1/models/punctuality/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({instances}),
    });
    expect(answer.status).toBe(200);
    small.clock.advanceTo(small.clock.now() + DAY);
    await small.host.platform!.tick();
    const all = await scrape();
    const [window] = small.host.platform!.models[0]!.watch.windows.slice(-1);
    expect(of(all, 'millrace_window_end_timestamp_seconds')).toEqual([window!.to / 1_000]);
    expect(of(all, 'millrace_prediction_drift_effect')).toEqual([window!.prediction.effect]);
    const effects = all.filter(({name}) => name === 'millrace_drift_effect');
    expect(effects.length).toBeGreaterThan(0);
    expect(effects.length).toBeLessThanOrEqual(window!.drift.length);
    for (const {labels, value} of effects)
      expect(window!.drift.find(({subject}) => subject === labels.feature)!.effect).toBe(value);
    expect(of(all, 'millrace_slo_events_total', {slo: 'answers', result: 'good'})).toEqual([300]);
    expect(of(all, 'millrace_slo_budget_left', {slo: 'answers'})).toEqual([1]);
    expect(of(all, 'millrace_slo_burn_rate', {slo: 'fast', over: '3d'})).toEqual([0]);
    expect(of(all, 'millrace_overloaded')).toEqual([0]);
    const [busy] = of(all, 'millrace_event_loop_utilization');
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(1);
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
      expect(of(all, name)).toEqual([expect.any(Number)]);
  });

  test('counts open alerts by kind and severity', async () => {
    const [model] = small.host.platform!.models;
    for (let i = 0; i < 5; i++) {
      model!.slos.unanswered(10, small.clock.now());
      small.clock.advanceTo(small.clock.now() + 60_000);
      await small.host.platform!.tick();
    }
    const all = await scrape();
    expect(of(all, 'millrace_alerts_open', {kind: 'slo', severity: 'page'})).toEqual([1]);
    expect(of(all, 'millrace_incidents_open', {severity: 'page'})).toEqual([1]);
    expect(of(all, 'millrace_slo_events_total', {slo: 'answers', result: 'bad'})).toEqual([50]);
    const [rate] = of(all, 'millrace_slo_burn_rate', {slo: 'answers', over: '1h'});
    expect(rate).toBeCloseTo(1 / 0.001, 6);
  });
});
