import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Silence} from '../../protocol/index.ts';
import {fits, silenceOf} from './silencing.ts';

const incident = {model: 'late', cause: {kind: 'source', name: 'orders'}} as const;
const drift = {kind: 'drift', subject: 'orders_1h'} as const;
const auc = {kind: 'performance', subject: 'auc'} as const;
const silence = (matches: Silence['matches'], given: Partial<Silence> = {}): Silence => ({
  id: JSON.stringify(matches),
  kind: 'silence',
  matches,
  from: 100,
  to: 200,
  reason: '',
  by: 'ada',
  ...given,
});

describe('a silence', () => {
  test.each<[Silence['matches'], boolean]>([
    [{model: 'late'}, true],
    [{model: 'la*'}, true],
    [{model: '*'}, true],
    [{model: 'early'}, false],
    [{kind: 'drift'}, true],
    [{kind: 'drift', model: 'early'}, false],
    [{subject: 'orders_*'}, true],
    [{cause: 'orders'}, true],
    [{cause: 'source:*'}, true],
    [{cause: 'view:*'}, false],
    [{kind: 'prediction-drift'}, false],
  ])('that matches %j keeps the drift of orders quiet: %s', (matches, quiet) => {
    expect(silenceOf(incident, [drift], [silence(matches)], 150) !== null).toBe(quiet);
  });

  test('holds from its start until just before its end', () => {
    const one = [silence({model: 'late'})];
    expect([99, 100, 199, 200].map(now => silenceOf(incident, [drift], one, now) !== null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('of one alert does not hide another; several together may', () => {
    const ofDrift = silence({kind: 'drift'});
    expect(silenceOf(incident, [drift, auc], [ofDrift], 150)).toBeNull();
    expect(silenceOf(incident, [drift, auc], [ofDrift, silence({kind: 'perf*'})], 150)).toBe(ofDrift);
    expect(silenceOf(incident, [], [ofDrift], 150)).toBeNull();
  });
});

test('a pattern fits as the regular expression that it stands for', () => {
  const text = fc.string({unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8});
  fc.assert(
    fc.property(text, text, (pattern, name) => {
      const parts = pattern.split('*').map(part => part.replaceAll('.', '\\.'));
      expect(fits(pattern, name)).toBe(new RegExp(`^${parts.join('.*')}$`, 's').test(name));
    }),
    {seed: 1, numRuns: 2_000},
  );
});
