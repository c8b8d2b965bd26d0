import {expect, test} from 'vitest';
import {monitorPolicy} from '../../monitoring/index.ts';
import {couriers} from '../batch/batch.fixture.ts';
import {monitoredInputs, profiledInputs, profiledRows} from './request-inputs.ts';

const definition = (await couriers()).models[0]!;

test('a field that a feature repeats unchanged is not profiled twice, but where traffic is told apart by it', () => {
  const names = (change: Partial<typeof definition>) =>
    monitoredInputs({...definition, ...change}).map(({name}) => name);
  expect(names({})).toEqual([]);
  expect(names({monitor: monitorPolicy({slices: ['kitchen']})})).toEqual(['kitchen']);
  expect(names({inputs: ['late_1h', 'place']})).toEqual(['distance']);
});

test('bools are categories by name, in training as in requests', () => {
  const schema = {...definition.features.request, express: {type: 'bool', nullable: true}} as never;
  const given = {...definition, features: {...definition.features, request: schema}};
  const columns = {express: Float64Array.of(1, 0, Number.NaN)};
  expect(profiledInputs(given, columns)).toEqual([
    {name: 'express', kind: 'categorical', importance: 0, values: ['true', 'false', null]},
  ]);
  const rows = profiledRows(given, {rows: 3, names: [], kinds: [], columns: []}, columns);
  expect([0, 1, 2].map(row => rows.request(row).express)).toEqual([true, false, Number.NaN]);
});
