import {MOST_VALUES, type QualityCheck} from '../definitions/quality-check.ts';
import {FALLBACK, placeOf, type ServedColumn} from '../definitions/served-columns.ts';
import {DistinctTally} from './distinct-tally.ts';
import {ExtremeTally} from './extreme-tally.ts';
import {MeanTally} from './mean-tally.ts';
import {MedianTally} from './median-tally.ts';
import {valueKey} from './remembered-values.ts';
import {inSetJudge, namesOf, rowJudge} from './row-judges.ts';
import {type ShareRule, ShareTally} from './share-tally.ts';
import {BROKEN, isNull, KEPT, type ServedRow, type ServedValue, SILENT, type Tally} from './tally.ts';
import {VariesTally} from './varies-tally.ts';

/** Categories that the version in charge was trained with; null where they are not known. */
export type KnownCategories = (feature: string) => Iterable<string> | null;

/** A check as counters, or in words why it cannot be tried on these columns. */
export function compileCheck(
  {columns: names, rule, level, mostly}: QualityCheck,
  columns: readonly ServedColumn[],
  known: KnownCategories,
): Tally | string {
  const read = rule.kind === 'fallback-share' ? [FALLBACK.name] : names;
  const places = read.map(name => placeOf(name, level, columns));
  const missing = read.find((_, i) => places[i]! < 0);
  if (missing !== undefined) return `'${missing}' is not among what is served`;
  const at = places[0]!;
  const told = places.every(place => columns[place]!.personal !== true);
  const show = told ? (row: ServedRow) => rowWords(read, places, row) : null;
  const share = (given: Pick<ShareRule, 'judge' | 'verb'> & Partial<ShareRule>): Tally =>
    new ShareTally({min: null, max: 1 - mostly, show, ...given});
  switch (rule.kind) {
    case 'statistic': {
      const bounds = {at, min: rule.min, max: rule.max};
      if (rule.of === 'mean') return new MeanTally(bounds);
      return rule.of === 'median' ? new MedianTally(bounds) : new ExtremeTally(rule.of, bounds, told);
    }
    case 'distinct':
      return new DistinctTally({at, min: rule.min, max: rule.max});
    case 'varies':
      return new VariesTally(at, told);
    case 'null-share':
      return share({max: rule.max, verb: 'are null', show: null, judge: row => (isNull(row[at]) ? BROKEN : KEPT)});
    case 'unseen-share': {
      const seen = known(names[0]!);
      if (seen === null) return `the categories that '${names[0]}' had in training are not known`;
      return share({max: rule.max, verb: 'are new', judge: inSetJudge(at, namesOf(seen))});
    }
    case 'fallback-share':
      return share({max: rule.max, verb: 'come from a fallback', judge: row => (isNull(row[at]) ? KEPT : BROKEN)});
    case 'share-above': {
      const {threshold, min, max} = rule;
      return share({min, max, verb: `lie above ${threshold}`, show: null, judge: aboveJudge(at, threshold)});
    }
    case 'unique':
      return share({verb: 'repeat an earlier one', ...uniqueJudge(places, Math.min(rule.maxValues, MOST_VALUES))});
    default:
      return share({verb: 'break it', judge: rowJudge(rule, places)});
  }
}

const aboveJudge =
  (at: number, threshold: number): ShareRule['judge'] =>
  row => {
    const value = row[at];
    if (typeof value !== 'number' || Number.isNaN(value)) return SILENT;
    return value > threshold ? BROKEN : KEPT;
  };

/** Once so many values are remembered, further rows are compared with those. */
function uniqueJudge(places: readonly number[], most: number): Required<Pick<ShareRule, 'judge' | 'forget'>> {
  const key = valueKey(places);
  const seen = new Set<string | number>();
  return {
    judge(row) {
      const value = key(row);
      if (value === null) return SILENT;
      if (seen.has(value)) return BROKEN;
      if (seen.size < most) seen.add(value);
      return KEPT;
    },
    forget: () => seen.clear(),
  };
}

const LONGEST_SHOWN = 80;

function rowWords(names: readonly string[], places: readonly number[], row: ServedRow): string {
  const shown = places.map((place, i) => {
    const value = valueWords(row[place] ?? null);
    return places.length === 1 ? value : `${names[i]} = ${value}`;
  });
  return shown.join(', ');
}

function valueWords(value: ServedValue): string {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST_SHOWN)) : String(value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 3)}...`;
}
