/** Events to fill a log with. Apart from the suite, because a process that is no test uses them too. */
import type {EventBatch} from '../../protocol/index.ts';

/** A batch whose event `i` is told apart by `from + i` in its id, times and columns. */
export function someEvents(stream: string, count: number, from = 0): EventBatch {
  const row = (_: unknown, i: number) => from + i;
  return {
    stream,
    count,
    ids: Array.from({length: count}, (_, i) => `${stream}-${from + i}`),
    eventTimes: Float64Array.from({length: count}, row),
    arrivalTimes: Float64Array.from({length: count}, (_, i) => from + i + 0.5),
    columns: {
      delay: Float64Array.from({length: count}, (_, i) => (i % 7 === 3 ? Number.NaN : (from + i) / 3)),
      origin: Array.from({length: count}, (_, i) => (i % 5 === 2 ? null : `AP${(from + i) % 9}`)),
    },
  };
}
