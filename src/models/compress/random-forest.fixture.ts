/** Seeded forests with every kind of node, and rows that reach all of them. */
import {normal, type Random, seededRandom} from '../../math/index.ts';
import type {Matrix} from '../matrix.ts';
import type {ModelSpec} from '../model-spec.ts';
import type {Forest} from '../trees/forest.ts';

export type ForestShape = {
  readonly trees: number;
  readonly leaves: number;
  readonly numeric: number;
  readonly categorical: number;
  readonly seed: number;
  /** Distinct thresholds of a feature; about as many as there are splits unless told. */
  readonly grid?: number;
};

const CODES = 70;

type Node = {
  feature: number;
  threshold: number;
  left: number;
  right: number;
  set: number;
  value: number;
  cover: number;
};

/** Splits the leaf with most rows at random until there are enough, as training would without looking at labels. */
export function randomForest({trees, leaves, numeric, categorical, seed, grid}: ForestShape): Forest {
  const random = seededRandom(seed);
  const nodes: Node[] = [];
  const sets: number[] = [];
  const roots: number[] = [];
  const leaf = (cover: number): Node => ({
    feature: -1,
    threshold: 0,
    left: 0,
    right: 0,
    set: -1,
    value: Math.fround(0.3 * normal(random)),
    cover,
  });
  for (let t = 0; t < trees; t++) {
    const root = nodes.length;
    roots.push(root);
    nodes.push(leaf(1_000 + Math.floor(random() * 1_000)));
    for (let k = 1; k < leaves; k++) {
      let largest = -1;
      for (let n = root; n < nodes.length; n++)
        if (nodes[n]!.feature === -1 && (largest === -1 || nodes[n]!.cover > nodes[largest]!.cover)) largest = n;
      const node = nodes[largest]!;
      if (node.cover < 2) break;
      node.feature = Math.floor(random() * (numeric + categorical));
      if (node.feature < numeric) {
        const x = normal(random);
        node.threshold = Math.fround(grid === undefined ? x : Math.round(x * grid) / grid);
      } else node.set = addSet(sets, random);
      const rowsLeft = 1 + Math.floor(random() * (node.cover - 1));
      node.left = nodes.push(leaf(rowsLeft)) - 1;
      node.right = nodes.push(leaf(node.cover - rowsLeft)) - 1;
    }
  }
  return {
    base: Float64Array.of(-0.4),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, node => node.feature),
    threshold: Float32Array.from(nodes, node => node.threshold),
    left: Int32Array.from(nodes, node => node.left),
    right: Int32Array.from(nodes, node => node.right),
    missingLeft: Uint8Array.from(nodes, node => (node.feature !== -1 && random() < 0.5 ? 1 : 0)),
    set: Int32Array.from(nodes, node => node.set),
    sets: Uint32Array.from(sets),
    value: Float32Array.from(nodes, node => (node.feature === -1 ? node.value : 0)),
    gain: Float32Array.from(nodes, node => (node.feature === -1 ? 0 : node.cover * random())),
    cover: Float64Array.from(nodes, node => node.cover),
  };
}

function addSet(sets: number[], random: Random): number {
  const words = Math.ceil(CODES / 32);
  const at = sets.push(words) - 1;
  for (let k = 0; k < words; k++) sets.push(Math.floor(random() * 2 ** 32));
  return at;
}

/** Rows with missing values, unseen categories, and values that lie on thresholds. */
export function randomRows({numeric, categorical, seed}: ForestShape, rows: number, forest?: Forest): Matrix {
  const random = seededRandom(seed + 1);
  const onThreshold = (f: number): number | null => {
    const n = Math.floor(random() * (forest?.feature.length ?? 0));
    return forest?.feature[n] === f ? forest.threshold[n]! : null;
  };
  const columns = Array.from({length: numeric + categorical}, (_, f) =>
    Float64Array.from({length: rows}, () => {
      if (random() < 0.1) return Number.NaN;
      if (f >= numeric) return Math.floor(random() * (CODES + 40)) - 5;
      return onThreshold(f) ?? normal(random);
    }),
  );
  return {rows, columns, names: columns.map((_, f) => `f${f}`), kinds: kindsOf(numeric, categorical)};
}

const kindsOf = (numeric: number, categorical: number) =>
  Array.from({length: numeric + categorical}, (_, f) =>
    f < numeric ? ('numeric' as const) : ('categorical' as const),
  );

export function forestSpec({numeric, categorical}: ForestShape, checks: ModelSpec['checks']['rows'] = []): ModelSpec {
  return {
    format: 1,
    kind: 'trees',
    task: 'binary',
    features: kindsOf(numeric, categorical).map((kind, f) => ({name: `f${f}`, kind})),
    trainer: {kind: 'test', version: 1, parameters: {}},
    training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
    checks: {rows: checks, predictions: []},
  };
}
