/** Features of an incident by how much they matter, and how much of the loss the first of them explain. */

import type {AlertFeature} from '../../protocol/index.ts';
import {weightOf} from './feature-origin.ts';

/** Named in a message at most. */
const NAMED = 3;
/** As few features are named as explain so much. */
const ENOUGH = 0.8;
/** Kept with an incident. */
const MOST = 50;

/** Newer figures of a feature replace older ones. By effect × importance × |estimated change|, then effect; the largest first. */
export function rankFeatures(older: readonly AlertFeature[], newer: readonly AlertFeature[]): AlertFeature[] {
  const byName = new Map([...older, ...newer].map(feature => [feature.feature, feature]));
  const all = [...byName.values()];
  const isEstimated = all.some(({estimatedChange}) => estimatedChange !== null);
  const rank = (feature: AlertFeature) => (isEstimated && feature.estimatedChange === null ? 0 : weightOf(feature));
  return all
    .sort((a, b) => rank(b) - rank(a) || b.effect - a.effect || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST);
}

/**
 * The fewest of the first three that explain four fifths of the estimated loss, and their share of it. The loss is
 * the estimated change, or the sum of what each feature alone changes if that is more; share is null where nothing is estimated.
 */
export function leadingFeatures(
  ranked: readonly AlertFeature[],
  estimatedLoss: number | null,
): {readonly features: readonly AlertFeature[]; readonly share: number | null} {
  const changes = ranked.map(({estimatedChange}) => Math.abs(estimatedChange ?? 0));
  const loss = Math.max(
    changes.reduce((sum, change) => sum + change, 0),
    Math.abs(estimatedLoss ?? 0),
  );
  if (loss === 0) return {features: ranked.slice(0, NAMED), share: null};
  let explained = 0;
  let count = 0;
  while (count < Math.min(NAMED, ranked.length) && explained < ENOUGH * loss) explained += changes[count++]!;
  return {features: ranked.slice(0, count), share: explained / loss};
}
