import {expect, test} from 'vitest';
import {LabelJoiner} from './label-joiner.ts';

const joinerOf = (rule: 'value' | 'exists' = 'value', lateMs = 100) => new LabelJoiner({withinMs: 100, rule}, {lateMs});

test('a label that comes after its window closed is told once, with its row', () => {
  const joiner = joinerOf();
  joiner.predicted('a', 0, 1, 'champion', 0.4);
  joiner.predicted('b', 10, 1, 'champion', 0.6);
  expect(joiner.mature(110).map(({id, label}) => [id, label])).toEqual([
    ['a', null],
    ['b', null],
  ]);
  joiner.label('a', 1, 150);
  joiner.label('a', 0, 151);
  joiner.label('b', 1, 210);
  expect(joiner.takeLate()).toEqual([
    {id: 'a', at: 0, version: 1, role: 'champion', score: 0.4, shadows: [], label: 1, knownAt: 150},
  ]);
  expect(joiner.takeLate()).toEqual([]);
  expect(joiner.unmatched).toBe(2);
});

test('rows are forgotten when the time for late labels has passed', () => {
  const joiner = joinerOf();
  joiner.predicted('a', 0, 1, 'champion', 0.4);
  joiner.mature(100);
  joiner.mature(200);
  joiner.label('a', 1, 199);
  expect([joiner.takeLate(), joiner.unmatched]).toEqual([[], 1]);
});

test('when history is read again, what was late is late again: training and releases never see it', () => {
  const joiner = joinerOf();
  joiner.predicted('a', 0, 1, 'champion', 0.4);
  joiner.label('a', 1, 150);
  expect(joiner.mature(160).map(({label}) => label)).toEqual([null]);
  expect(joiner.takeLate().map(({label, knownAt}) => [label, knownAt])).toEqual([[1, 150]]);
});

test('an event that did not come in time was no event, and without a time for late labels there are none', () => {
  for (const joiner of [joinerOf('exists'), joinerOf('value', 0)]) {
    joiner.predicted('a', 0, 1, 'champion', 0.4);
    joiner.mature(100);
    joiner.label('a', 1, 150);
    expect([joiner.takeLate(), joiner.unmatched]).toEqual([[], 1]);
  }
});

test('open predictions tell what is known of them so far', () => {
  const joiner = joinerOf();
  for (let i = 0; i < 5; i++) joiner.predicted(`p${i}`, i, 1 + (i % 2), 'champion', i / 10);
  joiner.label('p2', 1, 50);
  expect(joiner.knownSoFar(1, 4)).toEqual({
    scores: Float64Array.of(0.1, 0.2, 0.3),
    versions: Uint32Array.of(2, 1, 2),
    labels: Float64Array.of(Number.NaN, 1, Number.NaN),
  });
});
