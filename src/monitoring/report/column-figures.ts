import {standardDeviation} from '../../math/index.ts';
import type {NumericSketch} from '../profiles/numeric-sketch.ts';
import type {ColumnSketch} from '../profiles/table-profile.ts';
import type {TextSketch} from '../profiles/text-sketch.ts';
import type {ColumnFigures} from './table-report.ts';

const TOP = 5;

export function figuresOf(sketch: ColumnSketch): ColumnFigures {
  return {
    rows: sketch.count + sketch.nulls,
    nulls: sketch.nulls,
    // A sketch may think that there are more values than rows.
    distinct: Math.min(sketch.count, sketch.distinct.estimate()),
    numbers: sketch.kind === 'numeric' ? numbersOf(sketch) : null,
    texts: sketch.kind === 'text' ? textsOf(sketch) : null,
  };
}

function numbersOf({summary, quantiles}: NumericSketch): ColumnFigures['numbers'] {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    mean: summary.count === 0 ? null : finite(summary.mean),
    deviation: summary.count < 2 ? null : finite(standardDeviation(summary)),
    min: summary.min,
    low: finite(quantiles.quantile(0.05)),
    median: finite(quantiles.quantile(0.5)),
    high: finite(quantiles.quantile(0.95)),
    max: summary.max,
  };
}

function textsOf({frequent, count, shortest, longest}: TextSketch): ColumnFigures['texts'] {
  const top = frequent.items(TOP).map(item => ({value: item.value, share: item.count / count}));
  return {top, shortest, longest};
}
