import {oldestKept} from './cut-schedule.ts';
import type {CutStore} from './cut-store.ts';
import {type CutInput, cutValues} from './cut-values.ts';
import type {Generation, RefreshedUse} from './stored-cuts.ts';

export type MakeCutOptions = CutInput & {
  /** UTC ms. */
  readonly now: number;
  /** Called once all is written, before it is read: says when that is. */
  readonly seal: () => Promise<number>;
};

/**
 * Computes the values of a view as of a cut, writes them beside those that are read, and switches. Killed in the middle,
 * nothing has changed; make it again.
 */
export function makeCut(store: CutStore, use: RefreshedUse, options: MakeCutOptions): Promise<Generation> {
  const {cut, position, now, seal} = options;
  return store.write(use, {
    cut,
    position,
    oldest: oldestKept(use.refresh, now),
    seal,
    fill: take => cutValues(use.view, options, take),
  });
}
