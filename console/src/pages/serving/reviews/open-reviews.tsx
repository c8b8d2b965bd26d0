/** What waits for people: two buttons a row, or the keys 0 and 1. */
import type {Review} from 'millrace/protocol';
import {useEffect, useRef} from 'react';
import {plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {keyWords, reviewColumns} from './review-columns.tsx';
import type {Decide, Decision} from './use-decide.ts';

type Props = {
  readonly reviews: readonly Review[];
  /** Of all that wait; more than are listed, it may be. */
  readonly open: number;
  readonly label: string | undefined;
  readonly decide: Decide['decide'];
};

export function OpenReviews({reviews, open, label, decide}: Props) {
  const times = useTimes();
  const stayAt = useRef<number | null>(null);
  const answer = (decision: Decision) => (review: Review) => {
    const row = document.activeElement?.closest('[data-rows="open"] tr[data-index]');
    stayAt.current = row ? Number(row.getAttribute('data-index')) : null;
    decide(review, decision);
  };
  useEffect(() => {
    // The row that had the focus is gone: the one that took its place has it.
    if (stayAt.current === null) return;
    const index = Math.min(stayAt.current, reviews.length - 1);
    stayAt.current = null;
    document.querySelector<HTMLElement>(`[data-rows="open"] tr[data-index="${index}"]`)?.focus();
  }, [reviews]);
  const columns: readonly Column<Review>[] = [
    {
      id: 'decide',
      title: 'Decide',
      value: () => null,
      cell: review => (
        <span className="decide">
          {([1, 0] as const).map(decision => (
            <button
              key={decision}
              type="button"
              className="button"
              aria-label={`${keyWords(label, decision)}: ${review.id}`}
              onClick={() => answer(decision)(review)}
            >
              <kbd>{decision}</kbd> {keyWords(label, decision).slice(2)}
            </button>
          ))}
        </span>
      ),
    },
    ...reviewColumns(reviews, times),
  ];
  return (
    <DataTable
      name="open"
      title="Waiting"
      aside={reviews.length < open ? `the newest ${reviews.length} of ${plural(open, 'review')}` : 'newest first'}
      rows={reviews}
      columns={columns}
      keyOf={review => review.id}
      keys={{0: answer(0), 1: answer(1)}}
      order="-at"
    />
  );
}
