import fc from 'fast-check';
import {Registry} from 'prom-client';
import {expect, test} from 'vitest';
import {parseExposition} from './exposition.fixture.ts';
import {counterOf, gaugeOf} from './gauge-of.ts';

test('names with any characters are labels that come back as they were', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('a"b', 'a\\', 'a\nb', '{}=,', 'ä ö', '\\n')), {
        maxLength: 9,
      }),
      async names => {
        const registry = new Registry();
        const described = {help: 'For a test.', labels: ['feature']};
        gaugeOf(registry, {name: 'effect', ...described}, () => names.map((feature, i) => [{feature}, i]));
        counterOf(registry, {name: 'rows_total', ...described}, () => names.map((feature, i) => [{feature}, i]));
        const read = parseExposition(await registry.metrics());
        for (const metric of ['effect', 'rows_total'])
          expect(read.filter(({name}) => name === metric)).toEqual(
            names.map((feature, value) => ({name: metric, labels: {feature}, value})),
          );
      },
    ),
    {numRuns: 200},
  );
});

test('what is no number is left out, and what is gone is gone', async () => {
  const registry = new Registry();
  let names = ['a', 'b'];
  gaugeOf(registry, {name: 'effect', help: 'For a test.', labels: ['feature']}, async () =>
    names.map(feature => [{feature}, feature === 'b' ? Number.NaN : 1]),
  );
  expect(parseExposition(await registry.metrics()).map(({labels}) => labels.feature)).toEqual(['a']);
  names = ['c'];
  expect(parseExposition(await registry.metrics()).map(({labels}) => labels.feature)).toEqual(['c']);
});
