import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {metricsOf} from './metrics.ts';
import {gatherSlice, groupRows, sliceBy, sliceReports, worstSlice} from './slices.ts';

describe('groupRows', () => {
  test('puts every row into exactly one group, with the rows that have its value, in order', () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'c', 'd', null), {minLength: 1, maxLength: 60});
    fc.assert(
      fc.property(values, fc.integer({min: 0, max: 9}), fc.integer({min: 1, max: 4}), (column, minRows, maxValues) => {
        const groups = groupRows(sliceBy('x', {minRows, maxValues}), column);
        expect([...groups.rows].sort((a, b) => a - b)).toEqual(column.map((_, i) => i));
        expect(groups.starts.at(-1)).toBe(column.length);
        groups.values.forEach((value, g) => {
          const rows = [...groups.rows.subarray(groups.starts[g]!, groups.starts[g + 1]!)];
          const own = column.flatMap((v, i) => ((v ?? 'null') === value ? [i] : []));
          if (!value.startsWith('other')) expect(rows).toEqual(own);
        });
      }),
      {seed: 11},
    );
  });

  test('keeps the largest values and counts the others as one', () => {
    const column = ['a', 'b', 'b', 'c', 'c', 'c', 'd', 'e'];
    expect(groupRows(sliceBy('x', {minRows: 2}), column).values).toEqual(['c', 'b', 'other (3 values)']);
    expect(groupRows(sliceBy('x', {minRows: 1, maxValues: 4}), column).values).toEqual(['c', 'b', 'a', 'd', 'e']);
  });

  test('takes few distinct numbers as values, many at their quartiles', () => {
    const hours = Float64Array.of(6, 6, 18, Number.NaN);
    expect(groupRows(sliceBy('hour', {minRows: 1}), hours).values).toEqual(['6', '18', 'null']);
    const distances = Float64Array.from({length: 401}, (_, i) => i);
    const groups = groupRows(sliceBy('distance', {minRows: 1}), distances);
    expect([...groups.values].sort()).toEqual(['100 to 200', '200 to 300', '300 or more', 'below 100']);
  });
});

test('metrics of a slice are those of its rows alone', () => {
  const scores = Float64Array.of(0.9, 0.1, 0.6, 0.5, 0.4, 0.2);
  const labels = Float64Array.of(1, 0, 0, 1, 1, 0);
  const groups = groupRows(sliceBy('k', {minRows: 1}), ['a', 'a', 'b', 'b', 'a', 'b']);
  const reports = sliceReports(groups, scores, labels);
  expect(reports.map(({value}) => value)).toEqual(['a', 'b']);
  expect(reports[1]!.metrics).toEqual(metricsOf(Float64Array.of(0.6, 0.5, 0.2), Float64Array.of(0, 1, 0)));
  expect([...gatherSlice(groups, 0, scores, labels).scores]).toEqual([0.9, 0.1, 0.4]);
  expect(worstSlice(reports, 'auc', 1)?.value).toBe('b');
  expect(worstSlice(reports, 'logLoss', 1)?.value).toBe('b');
  expect(worstSlice(reports, 'auc', 4)).toBeNull();
});
