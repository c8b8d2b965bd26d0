import type {ItemExposureState} from './item-exposure.ts';

export type PopularityBucket = 'head' | 'middle' | 'tail';

/** How popular items were in the reference. */
export type Popularity = {
  /** Items that were there, all of them. */
  readonly items: number;
  /** Items of head and middle; every other one, new ones included, is of the tail. */
  readonly head: ReadonlySet<string>;
  readonly middle: ReadonlySet<string>;
};

/** The head is the fewest items that had four fifths of the exposure; the middle has the next 15 %. */
const HEAD = 0.8;
const MIDDLE = 0.95;

export function popularityOf({items}: ItemExposureState): Popularity {
  const ranked = items.filter(({shown}) => shown > 0).sort((a, b) => b.shown - a.shown || (a.item < b.item ? -1 : 1));
  const total = ranked.reduce((sum, {shown}) => sum + shown, 0);
  const head = new Set<string>();
  const middle = new Set<string>();
  let held = 0;
  for (const {item, shown} of ranked) {
    if (held < HEAD * total) head.add(item);
    else if (held < MIDDLE * total) middle.add(item);
    held += shown;
  }
  return {items: items.length, head, middle};
}

export function bucketOf(item: string, {head, middle}: Popularity): PopularityBucket {
  if (head.has(item)) return 'head';
  return middle.has(item) ? 'middle' : 'tail';
}
