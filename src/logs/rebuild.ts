/** After a restart a label joiner is rebuilt from the logs: it keeps no state of its own on disk. */
import type {KnownLabel} from '../labels/index.ts';
import type {LabelJoiner} from './label-joiner.ts';
import type {ServedBatch, ShadowBatch} from './rows.ts';

export type History = {
  readonly served: AsyncIterable<ServedBatch>;
  readonly shadowed: AsyncIterable<ShadowBatch>;
  readonly labels: AsyncIterable<Iterable<KnownLabel>>;
  /** Levels whose answers wait for labels. */
  readonly counts: (level: string) => boolean;
  /** Predictions made before this have been judged already and are left out (UTC ms). */
  readonly from: number;
};

/** Fills an empty joiner. Memory: the rows since `from`. */
export async function rebuildJoiner(
  joiner: LabelJoiner,
  {served, shadowed, labels, counts, from}: History,
): Promise<void> {
  for await (const {count, ids, at, versions, roles, levels, predictions} of served)
    for (let i = 0; i < count; i++)
      if (at[i]! >= from && counts(levels[i]!))
        joiner.predicted(ids[i]!, at[i]!, versions[i]!, roles[i]!, predictions[i]!);
  for await (const {count, ids, at, versions, predictions} of shadowed)
    for (let i = 0; i < count; i++) if (at[i]! >= from) joiner.shadowed(ids[i]!, versions[i]!, predictions[i]!);
  for await (const batch of labels) for (const {id, value, knownAt} of batch) joiner.label(id, value, knownAt);
}
