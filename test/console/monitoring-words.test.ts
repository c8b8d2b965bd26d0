// What the console says before a silence is made is what the server then does; incidents in words and in order.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {quieted} from '../../console/src/pages/monitoring/silences/silence-matches.ts';
import {driftOf, importancesOf} from '../../console/src/windows/important.ts';
import {causeLink, changeWords, ranked, sliceWords} from '../../console/src/windows/incident-words.ts';
import {silenceOf} from '../../src/monitoring/index.ts';
import type {Alert, Incident} from '../../src/protocol/index.ts';

const incident = (change: Partial<Incident>): Incident => ({
  id: 'late.1',
  model: 'late',
  cause: {kind: 'source', name: 'orders'},
  severity: 'ticket',
  title: 'late: rain drifts',
  summary: '',
  since: 0,
  openedAt: 0,
  updatedAt: 0,
  resolvedAt: null,
  alerts: ['a'],
  inhibited: [],
  features: [],
  slices: [],
  change: null,
  cost: null,
  lastDeploy: null,
  owner: '',
  runbook: null,
  silencedBy: null,
  acknowledgedBy: null,
  feedback: null,
  timeline: [],
  ...change,
});

const alert = (id: string, change: Partial<Alert> = {}): Alert => ({
  id,
  model: 'late',
  kind: 'drift',
  severity: 'ticket',
  subject: 'rain',
  openedAt: 0,
  resolvedAt: null,
  windowId: 'w',
  measured: 1,
  threshold: 0,
  title: '',
  message: '',
  action: null,
  ...change,
});

const word = fc.constantFrom('late', 'later', 'orders', 'rain', 'drift', 'volume', '');
const pattern = fc.oneof(
  word,
  fc.tuple(word, word).map(([a, b]) => `${a}*${b}`),
  fc.constantFrom('*', '*a*', 'source:*', 'source:orders', 'view:orders'),
);

describe('a silence that is asked for in the console', () => {
  it('is said to keep quiet exactly what the server then keeps quiet', () => {
    const matches = fc.record({model: pattern, kind: pattern, subject: pattern, cause: pattern}, {requiredKeys: []});
    const kinds = fc.constantFrom('drift', 'volume', 'latency') as fc.Arbitrary<Alert['kind']>;
    fc.assert(
      fc.property(
        matches,
        fc.array(fc.tuple(kinds, word, fc.boolean()), {minLength: 1, maxLength: 3}),
        fc.constantFrom('late', 'later'),
        fc.constantFrom('source', 'view') as fc.Arbitrary<Incident['cause']['kind']>,
        (asked, made, model, of) => {
          const alerts = made.map(([kind, subject, held], i) => ({...alert(`a${i}`, {kind, subject}), held}));
          const speaking = alerts.filter(({held}) => !held);
          const one = incident({
            model,
            cause: {kind: of, name: 'orders'},
            alerts: alerts.map(({id}) => id),
            inhibited: alerts.filter(({held}) => held).map(({id}) => ({alert: id, reason: ''})),
          });
          const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
          const silence = {id: 's', kind: 'silence', from: 0, to: 10, reason: 'x', by: 'me', matches: given} as const;
          const server =
            Object.keys(given).length > 0 && speaking.length > 0 && silenceOf(one, speaking, [silence], 5) !== null;
          expect(quieted(asked, [one], alerts).length === 1).toBe(server);
        },
      ),
      {numRuns: 500, seed: 5},
    );
  });

  it('keeps nothing quiet that is over, or that speaks with two voices of which it matches one', () => {
    const alerts = [alert('a'), alert('b', {kind: 'volume', subject: 'predictions'})];
    const both = incident({alerts: ['a', 'b']});
    expect(quieted({kind: 'drift'}, [both], alerts)).toEqual([]);
    expect(quieted({kind: 'drift'}, [incident({})], alerts)).toHaveLength(1);
    expect(quieted({kind: 'drift'}, [incident({resolvedAt: 4})], alerts)).toEqual([]);
    expect(quieted({kind: ' '}, [both], alerts)).toEqual([]);
  });
});

describe('incidents in words', () => {
  it('stand in the order in which people should look at them', () => {
    const of = (id: string, change: Partial<Incident>) => incident({id, ...change});
    const order = ranked([
      of('over', {resolvedAt: 9, severity: 'page', since: 8}),
      of('silenced page', {severity: 'page', silencedBy: 's'}),
      of('ticket', {}),
      of('costly ticket', {cost: {amount: 40, unit: 'EUR'}}),
      of('older, over', {resolvedAt: 9, since: 2}),
      of('page', {severity: 'page'}),
    ]).map(({id}) => id);
    expect(order).toEqual(['page', 'costly ticket', 'ticket', 'silenced page', 'over', 'older, over']);
  });

  it('lead to where their cause is seen', () => {
    const to = (kind: Incident['cause']['kind'], name: string) => causeLink({kind, name}, 'late').to;
    expect(to('source', 'daily orders')).toBe('/data/daily%20orders');
    expect(to('view', 'recent')).toBe('/features?q=view%3Arecent');
    expect(to('request', 'requests')).toBe('/monitoring?model=late&level=inputs#levels');
    expect(to('model', 'late')).toBe('/models?model=late');
  });

  it('say how big they are, and where', () => {
    const change = {metric: 'auc', measured: false, value: -0.0314, low: -0.044, high: -0.018};
    expect(changeWords({change})).toBe('AUC −0.031 [−0.044, −0.018], estimated');
    expect(changeWords({change: null})).toBeNull();
    expect(sliceWords(['origin = ATL', 'origin = DFW', 'hour = 7'])).toBe('origin ATL and DFW; hour 7');
  });
});

describe('features that matter', () => {
  const detail = {
    plan: {arms: [{version: 2, role: 'champion', share: 1}]},
    versions: [
      {
        version: 2,
        features: [
          {name: 'rain', importance: 0.6},
          {name: 'hour', importance: 0.32},
          {name: 'fog', importance: 0.08},
        ],
      },
    ],
  };

  it('are the fewest that hold nine tenths of the importance, and come first when they drift', () => {
    const importances = importancesOf(detail);
    expect(['rain', 'hour', 'fog', 'snow'].map(importances.matters)).toEqual([true, true, false, false]);
    const report = (subject: string, effect: number) => ({subject, effect, verdict: 'drift'});
    const window = {drift: [report('fog', 9), report('hour', 0.3), report('rain', 0.2)]};
    const {matter, others} = driftOf(window, importances);
    expect(matter.map(({subject}) => subject)).toEqual(['rain', 'hour']);
    expect(others.map(({subject}) => subject)).toEqual(['fog']);
  });
});
