import type {Explanation} from '../predictor.ts';
import {type Forest, inSet} from './forest.ts';

/**
 * Path-dependent TreeSHAP: Shapley values of the margin, where absent features follow the training rows
 * (`cover`). Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles"
 * (2018), algorithm 2. Cost per row: trees × leaves × depth².
 */
export function treeShap(forest: Forest, row: Float32Array): Explanation {
  const contributions = new Float64Array(row.length);
  let base = forest.base[0]!;
  for (const root of forest.roots) {
    base += meanValue(forest, root);
    descend(forest, row, contributions, root, [], 1, 1, -1);
  }
  return {base, contributions};
}

/** One feature on the way down: the shares of the subsets without and with it that pass, and its weight. */
type Step = {feature: number; zero: number; one: number; weight: number};

function descend(
  forest: Forest,
  row: Float32Array,
  phi: Float64Array,
  node: number,
  above: readonly Step[],
  zero: number,
  one: number,
  by: number,
): void {
  let path = extend(above, zero, one, by);
  const feature = forest.feature[node]!;
  if (feature === -1) {
    for (let i = 1; i < path.length; i++) {
      const step = path[i]!;
      phi[step.feature]! += unwoundSum(path, i) * (step.one - step.zero) * forest.value[node]!;
    }
    return;
  }
  const left = forest.left[node]!;
  const right = forest.right[node]!;
  const [hot, cold] = goesLeft(forest, node, row[feature]!) ? [left, right] : [right, left];
  let zeroBefore = 1;
  let oneBefore = 1;
  const earlier = path.findIndex((step, i) => i > 0 && step.feature === feature);
  if (earlier !== -1) {
    zeroBefore = path[earlier]!.zero;
    oneBefore = path[earlier]!.one;
    path = unwind(path, earlier);
  }
  const cover = forest.cover[node]!;
  descend(forest, row, phi, hot, path, (zeroBefore * forest.cover[hot]!) / cover, oneBefore, feature);
  descend(forest, row, phi, cold, path, (zeroBefore * forest.cover[cold]!) / cover, 0, feature);
}

function extend(above: readonly Step[], zero: number, one: number, feature: number): Step[] {
  const path = above.map(step => ({...step}));
  const l = path.length;
  path.push({feature, zero, one, weight: l === 0 ? 1 : 0});
  for (let i = l - 1; i >= 0; i--) {
    path[i + 1]!.weight += (one * path[i]!.weight * (i + 1)) / (l + 1);
    path[i]!.weight = (zero * path[i]!.weight * (l - i)) / (l + 1);
  }
  return path;
}

/** The path as if step `at` had never been taken. */
function unwind(steps: readonly Step[], at: number): Step[] {
  const path = steps.map(step => ({...step}));
  const l = path.length - 1;
  const {zero, one} = path[at]!;
  let next = path[l]!.weight;
  for (let j = l - 1; j >= 0; j--) {
    const weight = path[j]!.weight;
    if (one !== 0) {
      path[j]!.weight = (next * (l + 1)) / ((j + 1) * one);
      next = weight - (path[j]!.weight * zero * (l - j)) / (l + 1);
    } else path[j]!.weight = (weight * (l + 1)) / (zero * (l - j));
  }
  for (let j = at; j < l; j++) {
    const after = path[j + 1]!;
    path[j] = {feature: after.feature, zero: after.zero, one: after.one, weight: path[j]!.weight};
  }
  path.pop();
  return path;
}

function unwoundSum(path: readonly Step[], at: number): number {
  const l = path.length - 1;
  const {zero, one} = path[at]!;
  let next = path[l]!.weight;
  let total = 0;
  for (let j = l - 1; j >= 0; j--) {
    if (one !== 0) {
      const weight = (next * (l + 1)) / ((j + 1) * one);
      total += weight;
      next = path[j]!.weight - (weight * zero * (l - j)) / (l + 1);
    } else total += (path[j]!.weight * (l + 1)) / (zero * (l - j));
  }
  return total;
}

function goesLeft(forest: Forest, node: number, x: number): boolean {
  if (Number.isNaN(x)) return forest.missingLeft[node] === 1;
  const set = forest.set[node]!;
  return set < 0 ? x <= forest.threshold[node]! : inSet(forest.sets, set, x);
}

function meanValue(forest: Forest, node: number): number {
  if (forest.feature[node] === -1) return forest.value[node]!;
  const left = forest.left[node]!;
  const right = forest.right[node]!;
  const sum = forest.cover[left]! * meanValue(forest, left) + forest.cover[right]! * meanValue(forest, right);
  return sum / forest.cover[node]!;
}
