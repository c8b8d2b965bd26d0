// The events of the seeded history as the archive keeps them: a table that SQL reads.
import {join} from 'node:path';
import {type ColumnSpec, columnSpecs, type PositionedBatch, positionAt} from '../../protocol/index.ts';
import type {SqlEngine} from '../../stores/index.ts';
import {payments} from './history.ts';

const SPECS: ColumnSpec[] = [
  ...['_position', '_time', '_arrival'].map(name => ({name, type: 'int' as const, nullable: false})),
  {name: '_id', type: 'string', nullable: false},
  ...columnSpecs(payments.schema).map(spec => (spec.type === 'time' ? {...spec, type: 'int' as const} : spec)),
];

/** Writes them into `folder`; what to write after FROM to read them. */
export async function archiveHistory(
  sql: SqlEngine,
  folder: string,
  batches: readonly PositionedBatch[],
): Promise<string> {
  const file = join(folder, 'payments.parquet');
  await sql.writeParquet(
    file,
    SPECS,
    batches.map(batch => ({
      count: batch.count,
      columns: {
        ...batch.columns,
        _position: Float64Array.from({length: batch.count}, (_, i) => positionAt(batch, i)),
        _time: batch.eventTimes,
        _arrival: batch.arrivalTimes,
        _id: batch.ids,
      },
    })),
  );
  return `read_parquet('${file}')`;
}
