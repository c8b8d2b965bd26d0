import type {Check} from '../../../events/index.ts';
import {type AlertSeverity, MillraceError, type QualityResult} from '../../../protocol/index.ts';
import {checkWords} from './check-words.ts';

/** Fields of requests, features, or what was predicted. */
export type ServedLevel = QualityResult['level'];

type Bounds = {readonly min: number | null; readonly max: number | null};

/** A rule that each row keeps or breaks. Rows in which a column that it reads is null are left out, unless it is about nulls. */
export type ServedRowRule =
  | Extract<Check['rule'], {readonly kind: 'range' | 'set' | 'pattern'}>
  | {readonly kind: 'finite'}
  /** Each column is at most the next. */
  | {readonly kind: 'order'}
  | {readonly kind: 'same'; readonly tolerance: number}
  /** All columns are null, or none is. */
  | {readonly kind: 'null-together'}
  /** The first column is the sum of the others, rounding apart. */
  | {readonly kind: 'sum'; readonly tolerance: number}
  /** No two rows of a window have the same values, among the first `maxValues` of them. */
  | {readonly kind: 'unique'; readonly maxValues: number};

/** A rule about a share of the rows, or about a column as a whole. */
export type ServedColumnRule =
  | {readonly kind: 'null-share'; readonly max: number}
  | {readonly kind: 'unseen-share'; readonly max: number}
  | {readonly kind: 'fallback-share'; readonly max: number}
  | (Bounds & {readonly kind: 'share-above'; readonly threshold: number})
  | (Bounds & {readonly kind: 'statistic'; readonly of: Statistic})
  | (Bounds & {readonly kind: 'distinct'})
  | {readonly kind: 'varies'};

export type Statistic = 'minimum' | 'maximum' | 'mean' | 'median';
export type QualityRule = ServedRowRule | ServedColumnRule;

/** A rule about what a model is given and answers, tried on every row of a window. Frozen data. */
export type QualityCheck<C extends string = string> = {
  /** Features, fields of the request, or `prediction`. */
  readonly columns: readonly C[];
  readonly rule: QualityRule;
  /** The rule in words, such as `fare at least 0`. */
  readonly name: string;
  /** A contract pages when it is broken; a `ticket` is for what deserves a look. */
  readonly severity: AlertSeverity;
  /** Share of the rows that must keep it. */
  readonly mostly: number;
  /** Fewer rows in a window cannot tell. */
  readonly minRows: number;
  /** Where its columns are; null: features, else fields of the request, else the prediction. */
  readonly level: ServedLevel | null;
};

export type ServedOptions = Partial<Pick<QualityCheck, 'severity' | 'mostly' | 'minRows'>> & {
  readonly level?: ServedLevel;
};

/** A check of an event stream that can also be tried on what is served, or one of those made for it. */
export type QualityCheckInput<C extends string = string> = Check<C> | QualityCheck<C>;

/** Rows below which no share is judged. */
const MIN_ROWS = 30;

/** Makes a check; a contract that every row must keep, unless told otherwise. */
export function qualityCheck<C extends string>(
  columns: readonly C[],
  rule: QualityRule,
  {severity = 'page', mostly = 1, minRows = MIN_ROWS, level}: ServedOptions = {},
): QualityCheck<C> {
  return Object.freeze({
    columns,
    rule,
    name: checkWords(columns, rule, mostly),
    severity,
    mostly,
    minRows,
    level: level ?? null,
  });
}

/**
 * The same check for what is served, with other settings: `served(inRange('fare', {min: 0}), {mostly: 0.99})`. A check
 * of a stream that only warns becomes a ticket, every other one pages. Throws DEFINITION_INVALID for one that is about
 * the stream itself (`fresh`, `volume`, `timeNotBackwards`).
 */
export function served<const C extends string>(
  check: QualityCheckInput<C>,
  options: ServedOptions = {},
): QualityCheck<C> {
  const {columns, rule, severity, mostly, minRows, level} = adopted(check);
  return qualityCheck(columns, rule, {severity, mostly, minRows, ...(level === null ? {} : {level}), ...options});
}

function adopted<C extends string>(check: QualityCheckInput<C>): QualityCheck<C> {
  if ('severity' in check) return check;
  const {columns, action, rule, name} = check;
  const severity = action === 'warn' ? 'ticket' : 'page';
  switch (rule.kind) {
    case 'range':
    case 'set':
    case 'pattern':
      return qualityCheck(columns, rule, {severity});
    case 'null-share':
      return qualityCheck(columns, {kind: 'null-share', max: rule.max}, {severity});
    case 'unique':
      return qualityCheck(columns, {kind: 'unique', maxValues: Math.min(rule.maxValues, MOST_VALUES)}, {severity});
    default:
      throw new MillraceError(
        'DEFINITION_INVALID',
        `The check '${name}' is about a stream of events and cannot be tried on rows that are served.`,
        {fix: 'Leave it to the checks of the source; the policy has a rule of its own for the volume of predictions.'},
      );
  }
}

/** Values of a window that one check remembers, some 100 bytes each. */
export const MOST_VALUES = 100_000;
