import {formatDuration, type ServingStatus} from 'millrace/protocol';
import {count, percent, plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';

type HybridRecord = NonNullable<ServingStatus['hybrid']>;

/** What is answered beforehand: for whom, how often that helps, and how old it is. */
export function Hybrid({hybrid}: {hybrid: HybridRecord}) {
  const {rule, hits, misses, tooOld, hitRate, frequent, table, batch} = hybrid;
  return (
    <div>
      <h3>Answered beforehand</h3>
      <dl className="facts">
        <dt>Rule</dt>
        <dd>{rule}</dd>
        <dt>Hit rate</dt>
        <dd>
          {hitRate === null
            ? 'nothing was looked up yet'
            : `${percent(hitRate)} of ${plural(hits + misses, 'lookup')}${tooOld > 0 ? `; ${count(tooOld)} of the others were there and too old` : ''}`}
        </dd>
        <dt>Frequent now</dt>
        <dd>{plural(frequent, 'request')}</dd>
        <dt>Table</dt>
        <dd>
          <Table table={table} none="not made yet" />
        </dd>
        <dt>Of the batch run</dt>
        <dd>
          <Table table={batch} none="none was brought online" />
        </dd>
      </dl>
    </div>
  );
}

function Table({table, none}: {table: HybridRecord['table']; none: string}) {
  const times = useTimes();
  if (table === null) return <span className="muted">{none}</span>;
  return (
    <>
      {plural(table.entries, 'entry', 'entries')}, {formatDuration(table.ageMs)} old{' '}
      <span className="muted small">
        made {times.minute(table.madeAt)} {times.zoneName}
      </span>
    </>
  );
}
