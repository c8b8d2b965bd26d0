/** How what a model relies on changes from version to version. */

import type {ImportanceDrift} from '../../protocol/index.ts';

export type VersionImportance = {
  readonly version: number;
  /** Shares of the model's importance. */
  readonly importance: readonly {readonly name: string; readonly share: number}[];
};

/** One entry for each version but the first, against the version before it in the list. */
export function importanceDrift(versions: readonly VersionImportance[]): ImportanceDrift[] {
  return versions.slice(1).map((version, i) => between(versions[i]!, version));
}

function between(one: VersionImportance, other: VersionImportance): ImportanceDrift {
  const shareOf = ({importance}: VersionImportance) => new Map(importance.map(({name, share}) => [name, share]));
  const [was, is] = [shareOf(one), shareOf(other)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const features = names.map(feature => ({feature, before: was.get(feature) ?? 0, now: is.get(feature) ?? 0}));
  const changes = features.map(({before, now}) => Math.abs(now - before));
  const common = names.filter(name => was.has(name) && is.has(name));
  return {
    from: one.version,
    to: other.version,
    spearman: correlation(midranks(common.map(name => was.get(name)!)), midranks(common.map(name => is.get(name)!))),
    moved: changes.reduce((sum, change) => sum + change, 0) / 2,
    features: features
      .filter(({before, now}) => before !== now)
      .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before))
      .slice(0, 3),
  };
}

function midranks(values: readonly number[]): number[] {
  return values.map(
    value => values.filter(other => other < value).length + (values.filter(other => other === value).length + 1) / 2,
  );
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (a.length + 1) / 2; // of ranks
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - mean) * (b[i]! - mean);
    aa += (a[i]! - mean) ** 2;
    bb += (b[i]! - mean) ** 2;
  }
  return aa === 0 || bb === 0 ? null : ab / Math.sqrt(aa * bb);
}
