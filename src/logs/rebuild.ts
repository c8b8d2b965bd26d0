/** After a restart a label joiner is rebuilt from the logs: it keeps no state of its own on disk. */
import type {KnownLabel} from '../labels/index.ts';
import type {LabelJoiner} from './label-joiner.ts';
import type {ServedBatch, ShadowBatch} from './rows.ts';

export type History = {
  readonly served: AsyncIterable<ServedBatch>;
  readonly shadowed: AsyncIterable<ShadowBatch>;
  readonly labels: AsyncIterable<Iterable<KnownLabel>>;
  /** Whether an answer of this level waits for its label; its propensity is NaN in rows of releases that did not log it. */
  readonly counts: (level: string, propensity: number) => boolean;
  /** Predictions made before this have been judged already and are left out (UTC ms). */
  readonly from: number;
};

/** Fills an empty joiner. Memory: the rows since `from`. */
export async function rebuildJoiner(
  joiner: LabelJoiner,
  {served, shadowed, labels, counts, from}: History,
): Promise<void> {
  for await (const {count, ids, at, versions, roles, levels, propensities, predictions} of served)
    for (let i = 0; i < count; i++)
      if (at[i]! >= from && counts(levels[i]!, propensities[i]!))
        joiner.predicted(ids[i]!, at[i]!, versions[i]!, roles[i]!, predictions[i]!);
  for await (const {count, ids, at, versions, predictions} of shadowed)
    for (let i = 0; i < count; i++) if (at[i]! >= from) joiner.shadowed(ids[i]!, versions[i]!, predictions[i]!);
  for await (const batch of labels) for (const {id, value, knownAt} of batch) joiner.label(id, value, knownAt);
}
