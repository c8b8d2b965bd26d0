import type {ModelArrays} from '../../artifact.ts';
import {floatBelow, floatFloor} from './float32.ts';
import {NotTaken, type TreeTable} from './tree-table.ts';

/** Categories beyond this make sets too large to be worth it. */
const MOST_CODES = 65_536;

/** A node of a forest while it grows. */
type Grown = {
  feature: number;
  threshold: number;
  left: number;
  right: number;
  missingLeft: number;
  set: number;
  value: number;
};

/**
 * A forest that answers as the table does for float32 features. Comparisons are turned into `x <= threshold`:
 *   LEQ t   the largest float32 <= t (t may be double)     LT t    the float32 below t
 *   GT t    LEQ t with its children changed                GTE t   LT t with its children changed
 *   EQ t    the set {t}; a chain of them on one feature that leads to one child is one set (as our export writes it)
 * Sums are float32, as ONNX Runtime's are for float input, or double. Throws NotTaken where no such forest exists.
 */
export function tableForest(table: TreeTable, features: number, sums: 'float32' | 'double'): ModelArrays {
  const grown: Grown[] = [];
  const sets: number[] = [];
  const seen = new Uint8Array(table.mode.length);
  const roots = Int32Array.from(table.roots, root => {
    const start = grown.length;
    growTree(table, root, features, seen, grown, sets);
    return start;
  });
  if (sums === 'double' && !table.weight.every(w => Math.fround(w) === w))
    throw new NotTaken('its leaves hold numbers of double precision');
  return {
    base: sums === 'double' ? Float64Array.of(table.base) : Float32Array.of(table.base),
    roots,
    feature: Int32Array.from(grown, n => n.feature),
    threshold: Float32Array.from(grown, n => n.threshold),
    left: Int32Array.from(grown, n => n.left),
    right: Int32Array.from(grown, n => n.right),
    missingLeft: Uint8Array.from(grown, n => n.missingLeft),
    set: Int32Array.from(grown, n => n.set),
    sets: Uint32Array.from(sets),
    value: Float32Array.from(grown, n => n.value),
    gain: new Float32Array(grown.length),
    cover: leavesBelow(grown),
  };
}

/** Appends the nodes of one tree, parents before children. */
function growTree(
  table: TreeTable,
  root: number,
  features: number,
  seen: Uint8Array,
  grown: Grown[],
  sets: number[],
): void {
  const waiting: {readonly at: number; readonly parent: Grown | null; readonly side: 'left' | 'right'}[] = [
    {at: root, parent: null, side: 'left'},
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const {at, parent, side} = next;
    if (!(at >= 0) || seen[at] === 1) throw new NotTaken('its nodes do not form trees');
    seen[at] = 1;
    if (parent) parent[side] = grown.length;
    const node: Grown = {
      feature: -1,
      threshold: 0,
      left: 0,
      right: 0,
      missingLeft: 0,
      set: -1,
      value: table.weight[at]!,
    };
    grown.push(node);
    if (table.mode[at] === 'LEAF') continue;
    node.feature = table.feature[at]!;
    if (!(node.feature >= 0 && node.feature < features))
      throw new NotTaken(`it tests feature ${node.feature} of ${features}`);
    const [left, right] = split(table, at, node, sets, seen);
    waiting.push({at: right, parent: node, side: 'right'}, {at: left, parent: node, side: 'left'});
  }
}

/** Writes the test of a node, and gives its children, left and right. */
function split(table: TreeTable, at: number, node: Grown, sets: number[], seen: Uint8Array): [number, number] {
  const {mode, value, yes, no, missingYes} = table;
  const limit = value[at]!;
  const kept: [number, number] = [yes[at]!, no[at]!];
  const turned: [number, number] = [no[at]!, yes[at]!];
  // Nothing is at most NaN: our own trees say so of what never holds.
  if (Number.isNaN(limit) && mode[at] !== 'BRANCH_LEQ') throw new NotTaken('a threshold is NaN');
  node.missingLeft = missingYes[at]!;
  const below = () => (Math.fround(limit) < limit ? Math.fround(limit) : floatBelow(Math.fround(limit)));
  switch (mode[at]) {
    case 'BRANCH_LEQ':
      node.threshold = floatFloor(limit);
      return kept;
    case 'BRANCH_LT':
      node.threshold = below();
      return kept;
    case 'BRANCH_GT':
      node.threshold = floatFloor(limit);
      node.missingLeft = 1 - missingYes[at]!;
      return turned;
    case 'BRANCH_GTE':
      node.threshold = below();
      node.missingLeft = 1 - missingYes[at]!;
      return turned;
    case 'BRANCH_EQ':
      return [yes[at]!, chain(table, at, node, sets, seen)];
    default:
      throw new NotTaken(`it branches by ${mode[at]}`);
  }
}

/** Gathers a chain of equalities into the set of `node`; gives where it ends. */
function chain(table: TreeTable, at: number, node: Grown, sets: number[], seen: Uint8Array): number {
  const {mode, feature, value, yes, no, missingYes} = table;
  const codes: number[] = [];
  for (let n = at; ; n = no[n]!) {
    const code = value[n]!;
    if (!(Number.isInteger(code) && code >= 0 && code < MOST_CODES)) throw new NotTaken(`a category is ${code}`);
    codes.push(code);
    seen[n] = 1;
    const after = no[n]!;
    const goesOn =
      mode[after] === 'BRANCH_EQ' &&
      feature[after] === feature[at] &&
      yes[after] === yes[at] &&
      missingYes[after] === missingYes[at] &&
      seen[after] === 0;
    if (goesOn) continue;
    node.set = sets.length;
    const words = new Uint32Array(Math.floor(Math.max(...codes) / 32) + 1);
    for (const c of codes) words[c >>> 5]! |= 1 << (c & 31);
    sets.push(words.length, ...words);
    return after;
  }
}

/** ONNX files keep no counts of rows: each leaf counts as one, so that explanations have weights to average with. */
function leavesBelow(grown: readonly Grown[]): Float64Array {
  const cover = new Float64Array(grown.length);
  for (let n = grown.length - 1; n >= 0; n--) {
    const {feature, left, right} = grown[n]!;
    cover[n] = feature === -1 ? 1 : cover[left]! + cover[right]!;
  }
  return cover;
}
