/** What checks are tried on: the columns of one served row, where each name is found, and what fits its type. */

import {nearest, type Problem, type TypeName} from '../../../protocol/index.ts';
import type {QualityCheck, QualityRule, ServedLevel} from './quality-check.ts';

export type ServedColumn = {
  readonly name: string;
  readonly level: ServedLevel;
  /** Bools are 0 and 1, times UTC milliseconds. Absent: not known. */
  readonly type?: TypeName;
  /** Data about a person: its values are in no message. */
  readonly personal?: boolean;
};

/** The score itself. */
export const PREDICTION: ServedColumn = Object.freeze({name: 'prediction', level: 'prediction', type: 'number'});

/** The step of the fallback chain that answered; null where the model did. What a check of fallbacks reads. */
export const FALLBACK: ServedColumn = Object.freeze({name: 'answered by', level: 'prediction', type: 'string'});

const ORDER: readonly ServedLevel[] = ['feature', 'input', 'prediction'];

/** Where a column of a check stands; -1 if it is none of them. */
export function placeOf(name: string, level: ServedLevel | null, columns: readonly ServedColumn[]): number {
  for (const wanted of level === null ? ORDER : [level]) {
    const place = columns.findIndex(column => column.name === name && column.level === wanted);
    if (place >= 0) return place;
  }
  return -1;
}

/** Names that are not there, with what may be meant, and checks that do not fit the type of a column. */
export function columnProblems(checks: readonly QualityCheck[], columns: readonly ServedColumn[]): Problem[] {
  return checks.flatMap(({columns: named, level, rule, name: check}) =>
    named.flatMap((name): Problem[] => {
      const path = `quality.${check}`;
      const column = columns[placeOf(name, level, columns)];
      if (!column) {
        const known = namesOf(columns.filter(c => (level === null || c.level === level) && c.name !== FALLBACK.name));
        const near = nearest(name, known);
        const message = `'${name}' is ${level === null ? 'no feature, no field of the request and not the prediction' : level === 'input' ? 'no field of the request' : `no ${level}`}.`;
        const fix = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are ${known.join(', ')}.`;
        return [{path, message, fix}];
      }
      const fits = FITS[rule.kind];
      if (!fits || column.type === undefined || fits.includes(column.type)) return [];
      const message = `'${name}' is a ${column.type}, and '${check}' is for ${fits.join(', ')}.`;
      return [{path, message, fix: 'Check another column, or something else of this one.'}];
    }),
  );
}

const namesOf = (columns: readonly ServedColumn[]): string[] => [...new Set(columns.map(({name}) => name))];

const NUMBERS: readonly TypeName[] = ['number', 'int', 'time', 'bool'];
/** Types that a rule can be tried on; all where it is not listed. */
const FITS: Partial<Record<QualityRule['kind'], readonly TypeName[]>> = {
  range: NUMBERS,
  finite: NUMBERS,
  order: NUMBERS,
  sum: NUMBERS,
  statistic: NUMBERS,
  'share-above': NUMBERS,
  set: ['string', 'int', 'bool'],
  pattern: ['string'],
};
