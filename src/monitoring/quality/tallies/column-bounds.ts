import {figure} from '../../alerts/words.ts';

/** Where a column stands in a row, and what is allowed of it as a whole. */
export type ColumnBounds = {
  readonly at: number;
  readonly min: number | null;
  readonly max: number | null;
};

/** The bound that a value lies outside of, or else the one that there is. */
export const limitOf = (value: number, {min, max}: ColumnBounds): number | null =>
  max === null || value < min! ? min : max;

/** A figure, infinite or not. */
export const shown = (value: number): string => (Number.isFinite(value) ? figure(value) : String(value));
