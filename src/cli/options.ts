import {InvalidArgumentError} from 'commander';

/** An option that is a whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
