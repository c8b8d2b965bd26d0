import type {Review} from 'millrace/protocol';
import {ratio} from '../../../format/numbers.ts';
import type {Times} from '../../../format/times.ts';
import type {Cell, Column} from '../../../parts/table-columns.ts';
import type {Decision} from './use-decide.ts';

/** Fields of the request that have a column unless asked away. */
const SHOWN = 6;

/** A decision by the name of what is predicted: `late`, `not late`. */
export function decisionWords(label: string | undefined, decision: number): string {
  if (label === undefined) return decision === 1 ? 'yes' : 'no';
  return decision === 1 ? label : `not ${label}`;
}

export const keyWords = (label: string | undefined, decision: Decision): string =>
  `${decision} ${decisionWords(label, decision)}`;

/** What the model saw of it: its leaning, then the fields of the request. */
export function reviewColumns(reviews: readonly Review[], times: Times): readonly Column<Review>[] {
  const fields = [...new Set(reviews.flatMap(({request}) => Object.keys(request)))];
  return [
    {
      id: 'score',
      title: 'Model leans to',
      number: true,
      value: review => review.score,
      cell: review => ratio(review.score),
    },
    ...fields.map(
      (field, i): Column<Review> => ({
        id: `request.${field}`,
        title: field,
        value: review => cellOf(review.request[field]),
        ...(i >= SHOWN ? {extra: true as const} : {}),
      }),
    ),
    {id: 'at', title: `Asked (${times.zoneName})`, value: review => review.at, cell: review => times.second(review.at)},
    {id: 'version', title: 'Version', value: review => review.version, cell: review => `v${review.version}`},
    {id: 'id', title: 'Id', value: review => review.id, cell: review => <code>{review.id}</code>, extra: true},
  ];
}

const cellOf = (value: Review['request'][string] | undefined): Cell =>
  value === undefined || value === null ? null : typeof value === 'object' ? JSON.stringify(value) : value;
