import {describe, expect, test} from 'vitest';
import {atLeast, atMost, beats, calibratedWithin, describeGate, notWorseThan, sliceNotWorse} from './gates.ts';

describe('gates', () => {
  test('print themselves as rules', () => {
    const gates = [
      beats('zero-rule', {metric: 'logLoss', by: 0.01}),
      beats('historical-rate', {metric: 'auc'}),
      notWorseThan('incumbent', {metric: 'auc', within: 0.002}),
      atLeast('auc', 0.65),
      atMost('logLoss', 0.5),
      calibratedWithin(0.05, {ratio: [0.8, 1.25]}),
      sliceNotWorse({than: 'incumbent', metric: 'auc', by: 0.02, minRows: 2000}),
    ];
    expect(gates.map(describeGate)).toEqual([
      'logLoss beats zero-rule by 0.01',
      'auc beats historical-rate',
      'auc at most 0.002 worse than incumbent',
      'auc at least 0.65',
      'logLoss at most 0.5',
      'calibration error at most 0.05, mean prediction / base rate in [0.8, 1.25]',
      'no slice of 2000 rows or more worse than incumbent in auc by more than 0.02',
    ]);
    expect(gates.every(gate => Object.isFrozen(gate))).toBe(true);
    expect(JSON.parse(JSON.stringify(gates))).toEqual(gates);
  });

  test('a gate in the wrong direction, of an unknown metric or a negative amount does not come to be', () => {
    const invalid = expect.objectContaining({code: 'DEFINITION_INVALID', fix: expect.any(String)});
    expect(() => atLeast('logLoss', 0.5)).toThrow(invalid);
    expect(() => atMost('auc', 0.5)).toThrow(invalid);
    // @ts-expect-error not a metric
    expect(() => beats('zero-rule', {metric: 'rmse'})).toThrow(invalid);
    expect(() => beats('zero-rule', {metric: 'auc', by: -1})).toThrow(invalid);
    expect(() => calibratedWithin(0.05, {ratio: [1.1, 1.2]})).toThrow(invalid);
  });
});
