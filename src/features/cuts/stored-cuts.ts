// Where the values of cuts lie in an online store. Each set of values, a generation, has a number n there (in base 36).
//
//   cut/=<view>@<version>/<every>+<delay>   record of a view and its cuts (milliseconds), as JSON
//   cut/<n>/<key>                           values of a key: packed-values.ts; absent: those of no events
//
// A generation is read from the moment when its record names it among `generations`, which is one write. What is being
// written is named in `making`, what is to be removed in `gone`: a process that was killed leaves nothing unnamed.
import type {ViewUse} from '../definitions/feature-set.ts';
import type {Refresh} from '../definitions/refresh.ts';
import {viewKey} from '../definitions/version.ts';
import type {FeatureView} from '../definitions/view.ts';

/** A view with the cuts that it is read as of. */
export type RefreshedUse = {readonly view: FeatureView; readonly refresh: Refresh};

/** All values of a view as of a cut. */
export type Generation = {
  readonly number: number;
  /** UTC ms. */
  readonly cut: number;
  /** Events before this log position were seen. */
  readonly position: number;
  /** When it could be read first. */
  readonly madeAt: number;
  /** Keys whose values are kept: not those whose values are as of no events. */
  readonly keys: number;
};

export type CutRecord = {
  /** In the order of their cuts. */
  readonly generations: readonly Generation[];
  readonly making: number | null;
  readonly gone: readonly number[];
};

/** All keys begin with it. */
export const CUTS_PREFIX = 'cut/';

export const RECORDS = `${CUTS_PREFIX}=`;

/** Names a view and its cuts: `landed@1f2e3d4c5b6a/86400000+3600000`. */
export const cutsName = ({view, refresh}: RefreshedUse): string =>
  `${viewKey(view)}/${refresh.everyMs}+${refresh.delayMs}`;

export const valuesPrefix = (number: number): string => `${CUTS_PREFIX}${number.toString(36)}/`;

/** Those of the uses that have cuts, each once. */
export function refreshedUses(uses: readonly ViewUse[]): RefreshedUse[] {
  const found = new Map<string, RefreshedUse>();
  for (const {view, refresh} of uses) if (refresh !== undefined) found.set(cutsName({view, refresh}), {view, refresh});
  return [...found.values()];
}

/** Numbers that a record names. */
export const numbersIn = ({generations, making, gone}: CutRecord): number[] => [
  ...generations.map(({number}) => number),
  ...(making === null ? [] : [making]),
  ...gone,
];
