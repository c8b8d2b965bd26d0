import type {ColumnData} from '../../protocol/index.ts';
import type {Broken, Fold} from './fold.ts';

/** The window that is being filled, and how many nulls the last full one had (-1: there is none yet). */
type State = {readonly rows: number; readonly nulls: number; readonly last: number};

/** Nulls of one column in each run of `rows` events. */
export function nullShareFold(column: string, max: number, rows: number): Fold<State> {
  const budget = Math.floor(max * rows);
  return {
    start: () => ({rows: 0, nulls: 0, last: -1}),
    step(state, {count, columns, arrivalTimes}) {
      const data = columns[column]!;
      let {rows: seen, nulls, last} = state;
      let windows = 0;
      let example = '';
      let at = 0;
      for (let i = 0; i < count; i++) {
        seen++;
        if (isNull(data, i) && ++nulls === budget + 1) {
          if (windows++ === 0) example = `${nulls} nulls in ${seen} events`;
          at = arrivalTimes[i]!;
        }
        if (seen === rows) {
          last = nulls;
          seen = 0;
          nulls = 0;
        }
      }
      const broken: Broken | null = windows === 0 ? null : {count: windows, example, at};
      return {state: {rows: seen, nulls, last}, broken};
    },
    status({rows: seen, nulls, last}) {
      if (seen === 0 && last < 0) return {state: 'unknown', detail: 'no event yet'};
      const whole = last < 0 ? '' : `${last} nulls in the last ${rows} events; `;
      return {
        state: nulls > budget || last > budget ? 'violated' : 'ok',
        detail: `${whole}${nulls} in the ${seen} since; at most ${budget} allowed in ${rows}`,
      };
    },
  };
}

const isNull = (data: ColumnData, i: number) =>
  data instanceof Float64Array ? Number.isNaN(data[i]) : data[i] === null;
