import {betaLower} from '../../../math/index.ts';

/** How often a suggested limit lies below the truth. */
const MISSED = 1e-4;
/** Limits leave so much room above what the training rows bound the truth by. */
const ROOM = 1.5;

/** The largest share that is still believable where `count` of `rows` were seen: P(X <= count) = MISSED (Clopper and Pearson, 1934). */
export function upperShare(count: number, rows: number): number {
  if (count >= rows) return 1;
  let [low, high] = [count / rows, 1];
  for (let step = 0; step < 60; step++) {
    const share = (low + high) / 2;
    if (1 - betaLower(count + 1, rows - count, share) > MISSED) low = share;
    else high = share;
  }
  return high;
}

/** The share that a check allows, of what was seen `count` times in `rows`; two digits, rounded up. */
export function allowedShare(count: number, rows: number): number {
  return roundedUp(ROOM * upperShare(count, rows));
}

/** Two significant digits, away from 0. */
export function roundedUp(value: number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return tidy(Math.sign(value) * Math.ceil(Math.abs(value) / unit - 1e-9) * unit);
}

/** Without the digits that arithmetic adds: 0.30000000000000004 is 0.3. */
export const tidy = (value: number): number => Number(value.toPrecision(12));
