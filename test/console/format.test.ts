import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {roundTicks, scale} from '../../console/src/charts/scale.ts';
import * as numbers from '../../console/src/format/numbers.ts';
import {type Column, csv, sorted} from '../../console/src/parts/table-columns.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('figures in words', () => {
  it('have three significant digits, thin spaces between thousands and a unit of size', () => {
    expect([1_476_377, 16_902, 9_999, 312, 0.03124, 0].map(x => plain(numbers.compact(x)))).toEqual([
      '1.48 M',
      '16.9 k',
      '9 999',
      '312',
      '0.0312',
      '0',
    ]);
    expect(plain(numbers.count(2_998_114))).toBe('2 998 114');
    expect(plain(numbers.significant(2.98e-7))).toBe('3.0 × 10⁻⁷');
    expect(numbers.short(0.05)).toBe('0.05');
  });

  it('show small shares as small, never as none', () => {
    expect([0, 0.0000552, 0.004, 0.094, 0.28, 0.999, 1].map(x => plain(numbers.percent(x)))).toEqual([
      '0 %',
      '0.0055 %',
      '0.4 %',
      '9.4 %',
      '28 %',
      '99.9 %',
      '100 %',
    ]);
  });

  it('show what is not known as a dash', () => {
    for (const write of [
      numbers.count,
      numbers.compact,
      numbers.significant,
      numbers.percent,
      numbers.micros,
      numbers.ratio,
    ])
      expect([write(null), write(undefined), write(Number.NaN)]).toEqual(['–', '–', '–']);
    expect(numbers.interval(null, 1)).toBe('');
  });

  it('carry their unit', () => {
    expect([57.94, 244.3, 1_240].map(us => plain(numbers.micros(us)))).toEqual(['57.9 µs', '244 µs', '1.24 ms']);
    expect([999, 612_480, 3_100_000].map(n => plain(numbers.bytes(n)))).toEqual(['999 B', '612 kB', '3.10 MB']);
    expect([numbers.signed(0.0094), numbers.signed(-0.0031)]).toEqual(['+0.0094', '−0.0031']);
  });
});

describe('axes', () => {
  it('have round ticks that lie within and are evenly spaced', () => {
    expect(roundTicks(0.68, 0.781, 5)).toEqual([0.7, 0.75]);
    fc.assert(
      fc.property(fc.integer({min: -1_000, max: 1_000}), fc.integer({min: 1, max: 5_000}), (low, span) => {
        const ticks = roundTicks(low, low + span, 5);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(8);
        for (const tick of ticks) expect(tick >= low - 1e-6 && tick <= low + span + 1e-6).toBe(true);
      }),
    );
  });

  it('place the ends of the domain at the ends of the range', () => {
    const x = scale([2, 4], [10, 110]);
    expect([x(2), x(3), x(4)]).toEqual([10, 60, 110]);
  });
});

describe('tables', () => {
  type Row = {name: string; auc: number | null};
  const columns: readonly Column<Row>[] = [
    {id: 'name', title: 'Name', value: row => row.name},
    {id: 'auc', title: 'AUC', number: true, value: row => row.auc},
  ];
  const rows: readonly Row[] = [
    {name: 'b, "quoted"', auc: null},
    {name: 'c', auc: 0.7},
    {name: 'a', auc: 0.9},
  ];

  it('put unknown figures last whichever way they are sorted', () => {
    expect(sorted(rows, columns, 'auc').map(row => row.auc)).toEqual([0.7, 0.9, null]);
    expect(sorted(rows, columns, '-auc').map(row => row.auc)).toEqual([0.9, 0.7, null]);
    expect(sorted(rows, columns, 'nothing')).toBe(rows);
  });

  it('are copied as CSV with quotes doubled and unknown cells empty', () => {
    expect(csv(rows, columns)).toBe('Name,AUC\r\n"b, ""quoted""",\r\nc,0.7\r\na,0.9\r\n');
  });
});
