// Checks of one row, each a function that is chosen once. They run for every prediction: plainer than they are short.
import type {ServedRowRule} from '../definitions/quality-check.ts';
import {TextPattern} from '../pattern/text-pattern.ts';
import {BROKEN, isNull, KEPT, type RowVerdict, type ServedRow, type ServedValue, SILENT} from './tally.ts';

type Judge = (row: ServedRow) => RowVerdict;

/** `places`: where the columns of the check stand in a row. */
export function rowJudge(rule: Exclude<ServedRowRule, {kind: 'unique'}>, places: readonly number[]): Judge {
  const at = places[0]!;
  switch (rule.kind) {
    case 'range':
      return inRangeJudge(at, rule.min ?? Number.NEGATIVE_INFINITY, rule.max ?? Number.POSITIVE_INFINITY);
    case 'set':
      return inSetJudge(at, namesOf(rule.values));
    case 'pattern': {
      const pattern = new TextPattern(rule.pattern);
      return row => {
        const value = row[at]!;
        if (isNull(value)) return SILENT;
        return pattern.test(String(value)) ? KEPT : BROKEN;
      };
    }
    case 'finite':
      return row => {
        const value = row[at];
        if (value === null || value === undefined) return SILENT;
        return Number.isFinite(value) ? KEPT : BROKEN;
      };
    case 'order':
      return orderJudge(places);
    case 'same':
      return sameJudge(at, places[1]!, rule.tolerance);
    case 'null-together':
      return row => {
        const first = isNull(row[at]);
        for (let i = 1; i < places.length; i++) if (isNull(row[places[i]!]) !== first) return BROKEN;
        return KEPT;
      };
    case 'sum':
      return sumJudge(at, places.slice(1), rule.tolerance);
  }
}

function inRangeJudge(at: number, min: number, max: number): Judge {
  return row => {
    const value = row[at];
    if (typeof value !== 'number') return isNull(value) ? SILENT : BROKEN;
    if (value >= min && value <= max) return KEPT;
    return Number.isNaN(value) ? SILENT : BROKEN;
  };
}

/** A value that is in the set, or not. */
export function inSetJudge(at: number, allowed: ReadonlySet<ServedValue>): Judge {
  return row => {
    const value = row[at]!;
    if (allowed.has(value)) return KEPT;
    return isNull(value) ? SILENT : BROKEN;
  };
}

/** Names of categories, and the numbers that are categories by these names. */
export function namesOf(values: Iterable<string>): Set<ServedValue> {
  const names = new Set<ServedValue>();
  for (const value of values) {
    names.add(value);
    if (value !== '' && String(Number(value)) === value) names.add(Number(value));
  }
  names.delete(Number.NaN);
  return names;
}

function orderJudge(places: readonly number[]): Judge {
  return row => {
    let before = Number.NEGATIVE_INFINITY;
    let verdict: RowVerdict = KEPT;
    for (let i = 0; i < places.length; i++) {
      const value = row[places[i]!];
      if (isNull(value)) return SILENT;
      if (!(typeof value === 'number' && value >= before)) verdict = BROKEN;
      before = value as number;
    }
    return verdict;
  };
}

function sameJudge(a: number, b: number, tolerance: number): Judge {
  return row => {
    const [one, other] = [row[a]!, row[b]!];
    if (isNull(one) || isNull(other)) return SILENT;
    if (one === other) return KEPT;
    const near = typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) <= tolerance;
    return near ? KEPT : BROKEN;
  };
}

/** What rounding may make of a sum, as a share of the sizes of what is summed. */
const ROUNDING = 1e-12;

function sumJudge(whole: number, parts: readonly number[], tolerance: number): Judge {
  return row => {
    const total = row[whole];
    if (isNull(total)) return SILENT;
    let sum = 0;
    let size = Math.abs(Number(total));
    for (let i = 0; i < parts.length; i++) {
      const part = row[parts[i]!];
      if (isNull(part)) return SILENT;
      sum += Number(part);
      size += Math.abs(Number(part));
    }
    return Math.abs(Number(total) - sum) <= tolerance + ROUNDING * size ? KEPT : BROKEN;
  };
}
