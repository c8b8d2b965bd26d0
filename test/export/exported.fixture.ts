// Models over every kind of feature, as a server has them and as an export holds them, and what the server answers.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import type {ExportedModel} from '../../src/app/export/edge/exported-model.ts';
import {packExport} from '../../src/app/export/pack-export.ts';
import {between, habits, history, START, spend} from '../../src/features/contract/history.ts';
import {cyclic, featureSet, OnlineReader, StreamExecutor, use} from '../../src/features/index.ts';
import {type Random, seededRandom} from '../../src/math/index.ts';
import {encodeArtifact, type FeatureSpec, loadModel, type ModelArrays, type ModelSpec} from '../../src/models/index.ts';
import {t} from '../../src/protocol/index.ts';
import {
  PredictionService,
  parseRequest,
  rule,
  type ServingPolicy,
  servingPolicy,
  type VersionParts,
} from '../../src/serving/index.ts';

const HOUR = 3_600_000;
export const ROWS = 1_000;

export const wide = featureSet('wide', {
  request: {
    user: t.string,
    shop: t.string,
    amount: t.number.orNull(),
    items: t.int.orNull(),
    express: t.bool.orNull(),
    due: t.time.orNull(),
    zone: t.string,
    note: t.string.orNull(),
  },
  views: [use(spend, {user: 'user'}), use(between, {user: 'user', shop: 'shop'}), use(habits, {user: 'user'})],
  derive: x => ({
    perItem: x.amount.over(x.items),
    share: x.amount.over(x.total_24h).clamp(-5, 5),
    hour: x.at.hour(x.zone),
    weekday: x.at.weekday('America/New_York'),
    clockSin: cyclic(x.at.hour('Asia/Kathmandu'), 24).sin,
    clockCos: cyclic(x.at.hour('Asia/Kathmandu'), 24).cos,
    hoursLeft: x.due.since(x.at, 'hours'),
    express: x.express,
    hashed: x.note.normalise().hash(32),
    words: x.note.wordCount(),
    place: x.shop.cross(x.lastCountry_2h.orElse('none')),
    shop: x.shop,
    isBig: x.amount.gt(x.mean_2h.orElse(10)),
  }),
});

type Input = Record<string, unknown>;
export type Case = {
  readonly input: Input;
  readonly prediction: number;
  readonly level: string;
  readonly outside: readonly string[];
  readonly abstained: boolean;
};

const CATEGORIES: Record<string, readonly string[]> = {
  place: ['s×GR', 't×DE', 's×none', 't×GR', 's×DE', 't×none'],
  shop: ['s', 't'],
  lastCountry_2h: ['GR', 'FR'],
};

const specs: readonly FeatureSpec[] = wide.features.map(
  ({name, type}): FeatureSpec =>
    type === 'string'
      ? {name, kind: 'categorical', vocabulary: CATEGORIES[name] ?? ['GR', 'DE', 'FR']}
      : {name, kind: 'numeric'},
);

const specOf = (kind: ModelSpec['kind'], features: readonly FeatureSpec[]): ModelSpec => ({
  format: 1,
  kind,
  task: 'binary',
  features,
  trainer: {kind: 'by hand', version: 1, parameters: {}},
  training: {rows: 0, validationRows: 0, seed: 0, iterations: 0, parent: null},
  checks: {rows: [], predictions: []},
});

/** The model repeats its own prediction of one row, as trained ones do. */
function checked(spec: ModelSpec, arrays: ModelArrays): Uint8Array {
  const row = spec.features.map((_, f) => (f % 3 === 0 ? null : f));
  const values = Float64Array.from(row, value => value ?? Number.NaN);
  const prediction = loadModel(encodeArtifact(spec, arrays)).predictRow(values);
  return encodeArtifact({...spec, checks: {rows: [row], predictions: [prediction]}}, arrays);
}

export function linearModel(random: Random, features = specs): Uint8Array {
  const numeric = [...features.keys()].filter(f => features[f]!.kind === 'numeric');
  const terms = features.flatMap(({vocabulary = []}, f) => vocabulary.map((_, code) => [f, code] as const));
  const size = numeric.length * 2 + terms.length;
  const weights = (n: number, scale: number) => Float64Array.from({length: n}, () => (random() - 0.5) * scale);
  return checked(specOf('linear', features), {
    intercept: weights(1, 1),
    numericFeature: Int32Array.from(numeric),
    mean: weights(numeric.length, 20),
    // Times since are milliseconds.
    scale: Float64Array.from(numeric, f => (features[f]!.name.startsWith('since') ? 1e8 : 20 + random() * 80)),
    indicatorFeature: Int32Array.from(numeric),
    categoryFeature: Int32Array.from(terms, ([f]) => f),
    categoryCode: Int32Array.from(terms, ([, code]) => code),
    coefficient: weights(size, 0.5),
    center: weights(size, 0.5),
  });
}

/** Trees of random splits at values that the sample has. */
export function treeModel(random: Random, sample: readonly Float64Array[], trees = 40): Uint8Array {
  const nodes: Record<
    'feature' | 'threshold' | 'left' | 'right' | 'missingLeft' | 'set' | 'value' | 'cover',
    number
  >[] = [];
  const sets: number[] = [];
  const roots: number[] = [];
  const grow = (depth: number): number => {
    const at = nodes.length;
    const node = {feature: -1, threshold: 0, left: 0, right: 0, missingLeft: 0, set: -1, value: 0, cover: 0};
    nodes.push(node);
    if (depth === 0 || random() < 0.1) {
      node.value = Math.fround((random() - 0.5) * 0.3);
      node.cover = 1 + Math.floor(random() * 500);
      return at;
    }
    node.feature = Math.floor(random() * specs.length);
    node.missingLeft = random() < 0.5 ? 1 : 0;
    const value = sample[Math.floor(random() * sample.length)]![node.feature]!;
    if (specs[node.feature]!.kind === 'numeric') node.threshold = Number.isNaN(value) ? 0 : Math.fround(value);
    else {
      node.set = sets.length;
      sets.push(1, Math.floor(random() * 16));
    }
    node.left = grow(depth - 1);
    node.right = grow(depth - 1);
    node.cover = nodes[node.left]!.cover + nodes[node.right]!.cover;
    return at;
  };
  for (let tree = 0; tree < trees; tree++) roots.push(grow(6));
  const column = (name: keyof (typeof nodes)[number]) => nodes.map(node => node[name]);
  return checked(specOf('trees', specs), {
    base: Float64Array.of(-0.3),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(column('feature')),
    threshold: Float32Array.from(column('threshold')),
    left: Int32Array.from(column('left')),
    right: Int32Array.from(column('right')),
    missingLeft: Uint8Array.from(column('missingLeft')),
    set: Int32Array.from(column('set')),
    sets: Uint32Array.from(sets),
    value: Float32Array.from(column('value')),
    gain: Float32Array.from(nodes, () => random()),
    cover: Float64Array.from(column('cover')),
  });
}

/** Requests with missing values, unseen categories, zones and text of all sorts. */
function requestOf(random: Random): Input {
  const pick = <V>(values: readonly V[]): V => values[Math.floor(random() * values.length)]!;
  const maybe = <V>(value: V): V | null => (random() < 0.15 ? null : value);
  return {
    user: pick(['busy', 'a', 'b', 'c', 'ö', '日本', 'never seen']),
    shop: pick(['s', 't', 'unseen']),
    amount: maybe(random() < 0.05 ? 1e9 : Math.round(random() * 1e4) / 100 - 20),
    items: maybe(Math.floor(random() * 6)),
    express: maybe(random() < 0.5),
    due: maybe(START + Math.floor(random() * 10 * 24 * HOUR)),
    zone: pick(['Europe/Athens', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC']),
    note: maybe(pick(['', '  Leave at  the DOOR ', 'straße Σίσυφος', '😀 two words', '</script><!--'])),
  };
}

const POLICIES: Record<string, ServingPolicy> = {
  trees: servingPolicy({inputs: {outside: 'clip', margin: 0.1}, abstain: {below: 0.6}}),
  linear: servingPolicy({
    deadline: '50ms',
    inputs: {outside: 'refuse', margin: 0.5},
    features: {mayMiss: 0.8, staleAfter: '365d'},
    fallback: [rule(wide, x => x.amount.over(100).clamp(0, 1), 'by amount'), {kind: 'value', value: 0.25}],
  }),
};

export type Served = {
  readonly kind: string;
  readonly exported: ExportedModel;
  readonly cases: readonly Case[];
  readonly explained: readonly {readonly input: Input; readonly base: number; readonly contributions: unknown}[];
  readonly vectors: readonly {readonly input: Input; readonly vector: readonly (number | null)[]}[];
};

/** One model as a server answers with it: a live state, a plan, a policy. */
export async function served(kind: 'trees' | 'linear', seed = 4): Promise<Served> {
  const random = seededRandom(seed);
  const executor = new StreamExecutor(wide.views.map(({view}) => view));
  const batches = history(seed, 1_500);
  const reader = new OnlineReader(wide, executor);
  const parts = partsOf(kind, random);
  const policy = POLICIES[kind]!;
  const service = new PredictionService({
    model: kind,
    reader,
    policy,
    version: async () => parts,
    position: () => executor.position,
    // It stands still: how busy the machine is decides nothing.
    now: () => 0,
  });
  const arms = [{version: 3, role: 'champion' as const, share: 1}];
  await service.use({model: kind, revision: 1, at: 0, arms, salt: 's', reason: 'test'});
  const viewNames = new Set(wide.views.flatMap(({view}) => view.features.map(({name}) => name)));
  const cases: Case[] = [];
  const explained: Served['explained'][number][] = [];
  const vectors: Served['vectors'][number][] = [];
  const perBatch = Math.ceil(ROWS / batches.length);
  for (const batch of batches) {
    executor.advanceTo(batch.arrivalTimes.at(-1)!);
    executor.apply(batch);
    for (let i = 0; i < perBatch && cases.length < ROWS; i++) {
      const fields = requestOf(random);
      const at = executor.clock + Math.floor(random() * 1_000);
      const answer = service.predict(parseRequest(wide.request, fields, 'instances[0]'), `p${cases.length}`, at);
      const features: Input = {};
      wide.features.forEach(({name, type}, f) => {
        const value = answer.features[f]!;
        if (!viewNames.has(name) || value === null || Number.isNaN(value)) return;
        features[name] = type === 'bool' ? value !== 0 : value;
      });
      const input = {...fields, at, features};
      const {prediction, level, outside, abstained} = answer;
      cases.push({input, prediction, level, outside, abstained});
      if (cases.length % 50 !== 0) continue;
      const {champion} = service;
      const vector = champion.vector(answer.features);
      vectors.push({input, vector: Array.from(vector, value => (Number.isNaN(value) ? null : value))});
      const {base, contributions} = champion.predictor.explain(vector);
      const named = Object.fromEntries(specs.map(({name}, f) => [name, contributions[f]!]));
      explained.push({input, base, contributions: named});
    }
  }
  const exported = packExport({model: kind, version: 3, set: wide, policy, parts});
  return {kind, exported, cases, explained, vectors};
}

/** Rows as the models take them: NaN is missing, categories are codes. */
export const sampleRows = (random: Random, count: number): Float64Array[] =>
  Array.from({length: count}, () =>
    Float64Array.from(specs, ({kind}) =>
      random() < 0.1 ? Number.NaN : kind === 'numeric' ? Math.round(random() * 120 - 20) : Math.floor(random() * 2),
    ),
  );

/** Ranges that some requests leave, so that policies have something to do. */
function partsOf(kind: 'trees' | 'linear', random: Random): VersionParts {
  const artifact = kind === 'trees' ? treeModel(random, sampleRows(random, 50)) : linearModel(random);
  const numeric = specs.filter(spec => spec.kind === 'numeric');
  const most = kind === 'trees' ? 60 : 1e12;
  return {artifact, companions: new Map(), ranges: new Map(numeric.map(({name}) => [name, {min: -1e9, max: most}]))};
}

/** The script that modules carry, bundled from the sources as they are. */
export function bundledRuntime(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edge-runtime-'));
  try {
    const file = join(folder, 'runtime.js');
    execFileSync(process.execPath, [resolve(import.meta.dirname, '../../tools/build-edge.mjs'), file]);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, {recursive: true});
  }
}
