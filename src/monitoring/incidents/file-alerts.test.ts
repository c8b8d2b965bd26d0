import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Alert} from '../../protocol/index.ts';
import {windowWith} from '../testing/windows.ts';
import {alertOf, CONTEXT, DAY, Desk, driftOf, HOUR, MINUTE, START} from './incidents.fixture.ts';

const orders = driftOf([
  ['orders_1h', 0.5],
  ['orders_1d', 0.3],
]);
const rain = driftOf([['rain', 0.4]]);
const broken = alertOf('quality', 'orders');
const auc = alertOf('performance', 'auc');
const predictions = alertOf('prediction-drift', 'prediction');

/** Features whose estimates do not change. */
const zeroes = (...given: readonly (readonly [feature: string, effect: number])[]) =>
  given.map(([feature, effect]) => ({feature, effect, importance: 0, estimatedChange: 0}));

describe('alerts are grouped by cause', () => {
  test.each<[what: string, opened: Alert[], story: string[]]>([
    ['features of one stream', [orders], ['source:orders drift:orders_1h,orders_1d']],
    ['features of one of the views of a stream', [driftOf([['orders_1h', 1]])], ['view:recent drift:orders_1h']],
    ['the only view of a stream', [rain], ['source:weather drift:rain']],
    ['two streams', [orders, rain], ['source:orders drift:orders_1h,orders_1d', 'source:weather drift:rain']],
    ['fields of the request', [driftOf([['distance', 1]])], ['request:requests drift:distance']],
    ['few requests', [alertOf('volume', 'predictions')], ['request:requests volume:predictions']],
    ['a stream that fell behind', [alertOf('volume', 'orders')], ['source:orders volume:orders']],
    ['a check of a feature', [alertOf('quality', 'rain')], ['source:weather quality:rain']],
    ['features of unknown origin', [driftOf([['hour', 1]])], ['model:late drift:hour']],
    [
      'the heavier of two origins',
      [
        driftOf([
          ['rain', 0.1],
          ['orders_1d', 0.5],
        ]),
      ],
      ['view:daily drift:rain,orders_1d'],
    ],
    [
      'the stronger of two origins where nothing has importance',
      [alertOf('drift', 'features', {features: zeroes(['orders_1d', 0.1], ['rain', 0.5])})],
      ['source:weather drift:features'],
    ],
    [
      'latency, failures and objectives',
      [alertOf('latency', 'p99'), alertOf('data', 'requests'), alertOf('slo', 'answers')],
      ['service:serving latency:p99 data:requests slo:answers'],
    ],
    ['served features that differ', [alertOf('skew', 'served features')], ['service:serving skew:served features']],
    ['performance alone', [auc, alertOf('calibration', 'ratio')], ['model:late performance:auc calibration:ratio']],
    ['performance that important drift explains', [auc, rain], ['source:weather drift:rain performance:auc']],
    [
      'performance that drift without importance does not explain',
      [auc, driftOf([['hour', 3]])],
      ['model:late drift:hour performance:auc'],
    ],
    [
      'performance explained by a broken contract rather than by drift',
      [auc, rain, broken],
      ['source:orders quality:orders performance:auc', 'source:weather drift:rain'],
    ],
    [
      'performance that few requests do not explain',
      [auc, alertOf('volume', 'predictions')],
      ['request:requests volume:predictions', 'model:late performance:auc'],
    ],
  ])('%s', (_, opened, story) => {
    const desk = new Desk();
    desk.open(...opened);
    expect(desk.story()).toEqual(story);
  });

  test('a second view of a stream widens the cause to the stream', () => {
    const desk = new Desk();
    desk.open(driftOf([['orders_1h', 1]]));
    desk.open(driftOf([['orders_1d', 1]]));
    expect(desk.story()).toEqual(['source:orders drift:orders_1h drift:orders_1d']);
    expect(desk.incidents[0]!.timeline.map(({message}) => message)).toContain(
      'The cause is now taken to be source orders.',
    );
  });

  test('an incident of the model becomes that of the cause which shows shortly after', () => {
    const desk = new Desk();
    desk.open(auc);
    desk.now += HOUR;
    desk.open({...rain, openedAt: START + HOUR});
    expect(desk.story()).toEqual(['source:weather performance:auc drift:rain']);

    const late = new Desk();
    late.open(auc);
    late.now += 3 * DAY;
    late.open({...rain, openedAt: START + 3 * DAY});
    expect(late.story()).toEqual(['model:late performance:auc', 'source:weather drift:rain']);
  });

  test('the window tells which features drift where an alert names none', () => {
    const desk = new Desk();
    const window = windowWith({day: 0});
    const drift = {...window.drift[0]!, subject: 'rain', verdict: 'drift', effect: 0.6} as const;
    desk.file({opened: [alertOf('drift', 'features')], window: {...window, drift: [drift]}});
    expect(desk.story()).toEqual(['source:weather drift:features']);
    expect(desk.incidents[0]!.features).toEqual([
      {feature: 'rain', effect: 0.6, importance: 0.3, estimatedChange: null},
    ]);
  });
});

describe('inhibition', () => {
  test.each<[what: string, opened: Alert[], story: string[]]>([
    [
      'a broken contract inhibits the drift of what descends from it, and of nothing else',
      [orders, rain, broken],
      ['source:orders quality:orders -drift:orders_1h,orders_1d', 'source:weather drift:rain'],
    ],
    [
      'a page for performance inhibits the drift of the predictions',
      [predictions, auc],
      ['model:late -prediction-drift:prediction performance:auc'],
    ],
    [
      'a ticket for performance does not',
      [predictions, {...auc, severity: 'ticket'}],
      ['model:late prediction-drift:prediction performance:auc'],
    ],
    [
      'few requests inhibit the drift of what callers send',
      [alertOf('volume', 'predictions'), driftOf([['distance', 1]])],
      ['request:requests volume:predictions -drift:distance'],
    ],
    [
      'requests that fail inhibit that there are fewer predictions',
      [alertOf('data', 'requests'), alertOf('volume', 'predictions')],
      ['request:requests -volume:predictions', 'service:serving data:requests'],
    ],
  ])('%s', (_, opened, story) => {
    const desk = new Desk();
    desk.open(...opened);
    expect(desk.story()).toEqual(story);
  });

  test('it says why, ends with what inhibits, and stays with what resolved meanwhile', () => {
    const desk = new Desk();
    desk.open(orders);
    desk.open(broken);
    expect(desk.incidents[0]!.inhibited).toEqual([{alert: orders.id, reason: 'Follows from: quality of orders'}]);
    desk.resolve(broken);
    expect(desk.story()).toEqual(['source:orders drift:orders_1h,orders_1d quality:orders']);
    desk.open(alertOf('quality', 'orders', {}, 2));
    desk.resolve(orders);
    desk.resolve(alertOf('quality', 'orders', {}, 2));
    expect(desk.story()).toEqual(['[source:orders -drift:orders_1h,orders_1d quality:orders quality:orders]']);
  });

  test('it reaches over incidents', () => {
    const desk = new Desk();
    desk.open(predictions);
    desk.now += 3 * DAY;
    desk.open({...rain, openedAt: desk.now}, {...auc, openedAt: desk.now});
    expect(desk.story()).toEqual([
      'model:late -prediction-drift:prediction',
      'source:weather drift:rain performance:auc',
    ]);
  });
});

describe('an incident', () => {
  test('says what, since when, how big, what it costs, what came before and what to do', () => {
    const desk = new Desk();
    const window = {
      ...windowWith({day: 0, predictions: 1_000}),
      id: 'late@1',
      from: START,
      estimate: {
        method: 'cbpe' as const,
        rows: 1_000,
        notes: [],
        metrics: {auc: {value: 0.7, low: 0.69, high: 0.71}, value: {value: 1.2, low: 1.1, high: 1.3}},
      },
      slices: [{feature: 'origin', value: 'ATL', predictions: 9, meanPrediction: 0, drift: [], performance: null}],
    };
    const drift = driftOf([
      ['rain', 0.3, -0.004],
      ['orders_1h', 0.4, -0.03],
      ['orders_1d', 0.5, -0.002],
    ]);
    desk.file({opened: [drift, alertOf('estimate', 'auc')], window});
    const [incident] = desk.incidents;
    expect(incident).toMatchObject({
      severity: 'ticket',
      since: START,
      change: {metric: 'auc', measured: false, value: expect.closeTo(-0.04, 9), high: expect.closeTo(-0.03, 9)},
      cost: {amount: expect.closeTo(300, 6), unit: 'EUR'},
      title: 'late: drift of rain,orders_1h,orders_1d (source orders)',
    });
    expect(incident!.features.map(({feature}) => feature)).toEqual(['orders_1h', 'rain', 'orders_1d']);
    expect(incident!.summary).toBe(
      'drift of rain,orders_1h,orders_1d is bad. estimate of auc is bad. Source orders since 2026-04-01 14:05 UTC. ' +
        'orders_1h and rain, 2 of 5 features, explain 85 % of the estimated loss. ' +
        'They come from source orders (orders_1h and orders_1d) and source weather (rain). ' +
        'AUC −0.04 [−0.05, −0.03] against the test split, estimated. That costs about 300 EUR a window. ' +
        'Last deploy: version 7 at 2026-04-01 13:58 UTC, 7 min before. Owner: dispatch. ' +
        'What to do: https://wiki.example/late',
    );
  });

  test('measured performance takes the place of an estimate', () => {
    const desk = new Desk();
    const window = {...windowWith({day: 0, scored: {auc: 0.7, aucLow: 0.69, aucHigh: 0.71}}), id: 'late@1'};
    desk.file({opened: [auc], window});
    expect(desk.incidents[0]!.change).toMatchObject({metric: 'auc', measured: true, value: expect.closeTo(-0.04, 9)});
  });

  test('what a canary did beside the champion is no change of the champion', () => {
    const desk = new Desk();
    const {performance, ...rest} = windowWith({day: 0, scored: {auc: 0.7, aucLow: 0.69, aucHigh: 0.71}});
    const {byVersion, overall} = performance!;
    const canary = {version: 2, metrics: {...overall, auc: 0.5}};
    const mixed = {...performance!, byVersion: [...byVersion, canary], overall: {...overall, auc: 0.6}};
    desk.file({opened: [auc], window: {...rest, id: 'late@1', performance: mixed}});
    expect(desk.incidents[0]!.change).toMatchObject({measured: true, value: expect.closeTo(-0.04, 9)});
  });

  test('becomes a page with its gravest alert, and stays one', () => {
    const desk = new Desk();
    desk.open(rain);
    desk.open(auc);
    expect(desk.incidents[0]).toMatchObject({severity: 'page', title: 'late: performance of auc (source weather)'});
    desk.resolve(auc);
    expect(desk.incidents[0]).toMatchObject({severity: 'page', title: 'late: drift of rain (source weather)'});
  });

  test('resolves with its last alert; labels that came late are named as the reason', () => {
    const desk = new Desk();
    desk.open(auc, alertOf('calibration', 'ratio'));
    desk.resolve(alertOf('calibration', 'ratio'));
    expect(desk.incidents[0]!.resolvedAt).toBeNull();
    desk.now += DAY;
    const rescored = {...windowWith({day: 0, scored: {auc: 0.74}}), id: auc.windowId};
    desk.file({resolved: [{...auc, resolvedAt: desk.now}], window: rescored});
    expect(desk.incidents[0]!.resolvedAt).toBe(desk.now);
    expect(desk.incidents[0]!.timeline.map(({message}) => message)).toEqual([
      'Page: performance of auc',
      'Page: calibration of ratio',
      'Resolved: calibration of ratio',
      'Resolved, by labels that came late: performance of auc',
      'Resolved.',
    ]);
  });

  test('late labels that make it worse raise it', () => {
    const desk = new Desk();
    desk.open({...auc, severity: 'ticket'});
    desk.file({changed: [auc], window: {...windowWith({day: 0, scored: {}}), id: auc.windowId}});
    expect(desk.incidents[0]!.severity).toBe('page');
    expect(desk.incidents[0]!.timeline.map(({message}) => message).slice(1)).toEqual([
      'Now a page, by labels that came late: performance of auc',
      'It is a page from now on.',
    ]);
  });

  test('what is done about an alert is on the timeline; other figures alone are not', () => {
    const desk = new Desk();
    desk.open(auc);
    desk.file({changed: [{...auc, message: 'It is worse.'}]});
    desk.file({changed: [{...auc, message: 'It is worse.', action: 'retrain late/r1'}]});
    const {timeline, summary} = desk.incidents[0]!;
    expect(timeline.map(({message}) => message)).toEqual([
      'Page: performance of auc',
      'Done about it: retrain late/r1.',
    ]);
    desk.open(alertOf('latency', 'p99', {action: 'retrain r2'}));
    expect(desk.incidents[1]!.timeline[0]!.message).toBe('Ticket: latency of p99. Done about it: retrain r2.');
    expect(summary).toMatch(/^It is worse\. Since /);
  });

  test('opened again within an hour is the same; later it is another', () => {
    const desk = new Desk();
    desk.open(rain);
    desk.resolve(rain);
    desk.incidents[0] = {...desk.incidents[0]!, acknowledgedBy: 'ada'};
    desk.now += 59 * MINUTE;
    desk.open(driftOf([['rain', 0.4]], {}, 2));
    expect(desk.incidents).toHaveLength(1);
    expect(desk.incidents[0]).toMatchObject({resolvedAt: null, acknowledgedBy: null});
    desk.resolve(driftOf([['rain', 0.4]], {}, 2));
    desk.now += HOUR + 1;
    desk.open(driftOf([['rain', 0.4]], {}, 3));
    expect(desk.incidents.map(({id, resolvedAt}) => [id, resolvedAt === null])).toEqual([
      ['late.1', false],
      ['late.2', true],
    ]);
  });

  test('opened again, by something else, says nothing of what drifted before it was over', () => {
    const desk = new Desk();
    desk.open(rain);
    expect(desk.incidents[0]!.features.map(({feature}) => feature)).toEqual(['rain']);
    desk.resolve(rain);
    desk.now += 10 * MINUTE;
    desk.open(alertOf('volume', 'weather'));
    expect(desk.incidents).toHaveLength(1);
    expect(desk.incidents[0]).toMatchObject({features: [], slices: [], change: null, cost: null});
    expect(desk.incidents[0]!.summary).not.toContain('rain');
  });

  test('filing the same alert again changes nothing about where it is', () => {
    const desk = new Desk();
    desk.open(rain);
    desk.open(rain);
    expect(desk.story()).toEqual(['source:weather drift:rain']);
  });
});

test('no alert is lost: whatever opens and resolves in whatever order, each is in exactly one incident', () => {
  const kinds = [
    (n: number) =>
      driftOf(
        [
          ['orders_1h', 0.5],
          ['rain', 0.4],
        ],
        {},
        n,
      ),
    (n: number) => driftOf([['rain', 0.4]], {}, n),
    (n: number) => driftOf([['orders_1d', 0.4]], {}, n),
    (n: number) => alertOf('quality', 'orders', {}, n),
    (n: number) => alertOf('performance', 'auc', {}, n),
    (n: number) => alertOf('prediction-drift', 'prediction', {}, n),
    (n: number) => alertOf('latency', 'p99', {}, n),
    (n: number) => alertOf('volume', 'predictions', {}, n),
    (n: number) => alertOf('concept', 'outcome', {}, n),
    (n: number) => alertOf('drift', 'features', {}, n),
  ];
  const step = fc.record({
    wait: fc.constantFrom(0, MINUTE, HOUR, 2 * HOUR, 5 * DAY),
    toggle: fc.uniqueArray(fc.nat(kinds.length - 1), {maxLength: 4}),
  });
  fc.assert(
    fc.property(fc.array(step, {maxLength: 25}), steps => {
      const desk = new Desk();
      const open = new Map<number, Alert>();
      let n = 0;
      for (const {wait, toggle} of steps) {
        desk.now += wait;
        const opened = toggle.filter(k => !open.has(k)).map(k => ({...kinds[k]!(++n), openedAt: desk.now, k}));
        const resolved = toggle.flatMap(k => open.get(k) ?? []).map(alert => ({...alert, resolvedAt: desk.now}));
        for (const k of toggle) open.delete(k);
        for (const {k, ...alert} of opened) open.set(k, alert);
        desk.file({opened: opened.map(({k: _, ...alert}) => alert), resolved});
        const filed = desk.incidents.flatMap(({alerts}) => alerts);
        expect(filed.toSorted()).toEqual([...desk.alerts.keys()].toSorted());
        for (const {alerts, resolvedAt, inhibited, severity} of desk.incidents) {
          const own = alerts.map(id => desk.alerts.get(id)!);
          expect(resolvedAt === null).toBe(own.some(alert => alert.resolvedAt === null));
          expect(alerts).toEqual(expect.arrayContaining(inhibited.map(({alert}) => alert)));
          if (severity === 'page') expect(own.some(alert => alert.severity === 'page')).toBe(true);
        }
      }
    }),
    {seed: 5, numRuns: 200},
  );
});

test('the context may know nothing', () => {
  const desk = new Desk();
  const nothing = {
    origins: new Map(),
    importances: new Map(),
    lastDeploy: null,
    reference: null,
    value: null,
    runbook: null,
  };
  desk.file({opened: [orders, auc], context: {...CONTEXT, owner: '', ...nothing}});
  expect(desk.incidents[0]!.summary).toContain('It is about orders_1h and orders_1d (2 of 2 features).');
});
