import type {Review} from 'millrace/protocol';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {decisionWords, reviewColumns} from './review-columns.tsx';
import type {Decided} from './use-decide.ts';

type Props = {
  readonly reviews: readonly Review[];
  readonly pending: readonly Decided[];
  readonly label: string | undefined;
};

/** What people decided, and what is on its way. */
export function DecidedReviews({reviews, pending, label}: Props) {
  const times = useTimes();
  const kept = new Set(reviews.map(({id}) => id));
  const coming = pending
    .filter(({review}) => !kept.has(review.id))
    .map(({review, decision}): Review => ({...review, decision}));
  const columns: readonly Column<Review>[] = [
    {
      id: 'decision',
      title: 'Decision',
      value: ({decision}) => (decision === null ? null : decisionWords(label, decision)),
    },
    {
      id: 'by',
      title: 'By',
      value: review => review.by,
      cell: ({by, state}) => (state === 'open' ? <span className="muted">being kept</span> : by),
    },
    {
      id: 'decidedAt',
      title: `Decided (${times.zoneName})`,
      value: review => review.decidedAt,
      cell: ({decidedAt}) => (decidedAt === null ? <span className="muted">–</span> : times.second(decidedAt)),
    },
    ...reviewColumns(reviews, times),
  ];
  return (
    <DataTable
      name="decided"
      title="Decided"
      aside="the newest decision first"
      rows={[...coming, ...[...reviews].sort((a, b) => (b.decidedAt ?? 0) - (a.decidedAt ?? 0))]}
      columns={columns}
      keyOf={review => review.id}
    />
  );
}
