/** Decisions on their way: shown at once, given back where the server refuses them. */
import {useMutation} from '@tanstack/react-query';
import type {Review} from 'millrace/protocol';
import {useState} from 'react';
import {client, queries} from '../../../data/queries.ts';

export type Decision = 0 | 1;
export type Decided = {readonly review: Review; readonly decision: Decision};

export type Decide = {
  /** Decided here, not yet kept by the server. */
  readonly pending: readonly Decided[];
  /** The last one that was refused, and why. */
  readonly refused: (Decided & {readonly error: Error}) | null;
  decide(review: Review, decision: Decision): void;
};

export function useDecide(model: string, by: string): Decide {
  const [pending, setPending] = useState<readonly Decided[]>([]);
  const [refused, setRefused] = useState<Decide['refused']>(null);
  const settle = (id: string) => setPending(old => old.filter(({review}) => review.id !== id));
  const {mutate} = useMutation({
    mutationFn: ({review: {id}, decision}: Decided) => client.decide(model, {id, decision, ...(by === '' ? {} : {by})}),
    onMutate: decided => {
      setRefused(null);
      setPending(old => [decided, ...old]);
    },
    onError: (error, decided) => setRefused({...decided, error}),
    // Read again before it is let go, so that nothing that is decided looks open in between.
    onSettled: async (_, __, {review}) => {
      await queries.invalidateQueries({queryKey: ['reviews', model]});
      settle(review.id);
      void queries.invalidateQueries({queryKey: ['serving']});
    },
  });
  return {
    pending,
    refused,
    decide: (review, decision) => {
      if (!pending.some(other => other.review.id === review.id)) mutate({review, decision});
    },
  };
}
