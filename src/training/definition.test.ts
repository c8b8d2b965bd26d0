import {expect, test} from 'vitest';
import {gradientBoostedTrees, logisticRegression} from './definition.ts';

test('a definition is frozen data with every default filled in', () => {
  const definition = gradientBoostedTrees({trees: 50, name: 'delay'});
  expect(definition).toMatchObject({kind: 'gradientBoostedTrees', name: 'delay', parameters: {trees: 50, leaves: 63}});
  expect(Object.isFrozen(definition) && Object.isFrozen(definition.parameters)).toBe(true);
  expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
});

test('every wrong parameter is named with what it may be', () => {
  const make = () => gradientBoostedTrees({trees: 0, learningRate: 2, growth: 'wide' as 'leaf', leaf: 3} as never);
  expect(make).toThrow(/trees must be an integer from 1 to 100000; given was 0/);
  expect(make).toThrow(/learningRate must be a number above 0 and at most 1; given was 2/);
  expect(make).toThrow(/growth must be one of 'leaf', 'level'; given was 'wide'/);
  expect(make).toThrow(/no parameter 'leaf'/);
});

test('an error has a code and a hint for a misspelt name', () => {
  try {
    logisticRegression({l3: 1} as never);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({code: 'DEFINITION_INVALID', problems: [{path: 'l3', fix: 'Did you mean l2?'}]});
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, '1', null])('%s is no strength of a penalty', l2 => {
  expect(() => logisticRegression({l2: l2 as number})).toThrow(/l2 must be a number of at least 0/);
});
