import {type FeatureRecord, MillraceError, nearest} from '../../protocol/index.ts';

/** The feature of this name. Throws FEATURE_UNKNOWN. */
export function findFeature(records: readonly FeatureRecord[], name: string): FeatureRecord {
  const found = records.find(feature => feature.name === name);
  if (found) return found;
  const near = nearest(
    name,
    records.map(feature => feature.name),
  );
  throw new MillraceError('FEATURE_UNKNOWN', `There is no feature '${name}'.`, {
    fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'See them all: millrace features.',
  });
}
