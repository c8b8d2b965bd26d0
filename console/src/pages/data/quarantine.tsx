/** What waits in quarantine of a stream: why, examples, and another try. */
import {useMutation} from '@tanstack/react-query';
import type {QuarantineReplay, QuarantineRow} from 'millrace/protocol';
import {useState} from 'react';
import {Await} from '../../data/await.tsx';
import {client, queries, useQuarantine} from '../../data/queries.ts';
import {count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Failure} from '../../parts/failure.tsx';
import {Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';

export function Quarantine({stream}: {stream: string}) {
  const page = useQuarantine(stream);
  const times = useTimes();
  const columns: readonly Column<QuarantineRow>[] = [
    {id: 'at', title: `Refused (${times.zoneName})`, value: row => row.at, cell: row => times.minute(row.at)},
    {id: 'why', title: 'Why', wrap: true, value: row => row.message},
    {id: 'row', title: 'Row as it came', wrap: true, value: row => row.text, cell: row => <code>{row.text}</code>},
    {id: 'check', title: 'Check', extra: true, value: row => row.check},
    {id: 'offset', title: 'Offset', extra: true, number: true, value: row => row.offset},
  ];
  return (
    <Await reads={{page}}>
      {({page: {waiting, reasons, rows}}) => (
        <>
          <Section id="quarantine" title="Quarantine" aside={plural(waiting, 'row waits', 'rows wait')}>
            {waiting === 0 ? (
              <p className="muted">Nothing waits. Rows that break a rejecting check would stand here, whole.</p>
            ) : (
              <ul className="plain">
                {reasons.map(reason => (
                  <li key={reason.check}>
                    {count(reason.count)} × {reason.check}
                  </li>
                ))}
              </ul>
            )}
            <Replay stream={stream} waiting={waiting} />
          </Section>
          {rows.length > 0 && (
            <DataTable
              name="refused"
              title="Refused rows"
              aside={rows.length < waiting ? `the oldest ${count(rows.length)} of ${count(waiting)}` : 'oldest first'}
              rows={rows}
              columns={columns}
              keyOf={row => `${row.offset}`}
            />
          )}
        </>
      )}
    </Await>
  );
}

function Replay({stream, waiting}: {stream: string; waiting: number}) {
  const [asking, setAsking] = useState(false);
  const replay = useMutation({
    mutationFn: () => client.replayQuarantine(stream),
    onSuccess: () => void queries.invalidateQueries(),
    onSettled: () => setAsking(false),
  });
  return (
    <div aria-live="polite">
      {waiting > 0 && !asking && (
        <p>
          <button type="button" className="button" disabled={replay.isPending} onClick={() => setAsking(true)}>
            Replay…
          </button>
        </p>
      )}
      {asking && (
        <>
          <p>
            {plural(waiting, 'row')} will be pushed to {stream} again, as they came and by the checks as they are now.
            What gets in is in the log and in the features at once, and cannot be taken back; what is refused again
            waits on. Rows that are in the log already are counted as duplicates.
          </p>
          <p className="buttons">
            <button type="button" className="button main" disabled={replay.isPending} onClick={() => replay.mutate()}>
              {replay.isPending ? 'Replaying' : `Replay ${plural(waiting, 'row')}`}
            </button>{' '}
            <button type="button" className="button" disabled={replay.isPending} onClick={() => setAsking(false)}>
              Cancel
            </button>
          </p>
        </>
      )}
      {replay.error && <Failure error={replay.error} unaffected="Rows that did not get in wait on." />}
      {replay.data && !asking && <p>{replayWords(replay.data)}</p>}
    </div>
  );
}

const replayWords = ({accepted, duplicates, refused}: QuarantineReplay): string =>
  `${plural(accepted, 'row')} got in, ${count(duplicates)} there already, ${count(refused)} refused again: these wait on.`;
