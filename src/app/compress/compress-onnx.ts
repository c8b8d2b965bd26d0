import {normal, seededRandom} from '../../math/index.ts';
import {int8Layers, type LayerRank, type LowRankOptions, lowRankLayers} from '../../models/index.ts';
import {type LocalSession, openLocalSession} from '../../models/onnxruntime/index.ts';
import {MillraceError} from '../../protocol/index.ts';
import {type CompressionReport, differenceOf} from './compression-report.ts';
import {type Latency, median} from './latency.ts';
import type {NumberRows} from './read-rows.ts';

export type OnnxMethod = {readonly kind: 'int8'} | ({readonly kind: 'low-rank'} & LowRankOptions);

/** The methods of a text such as `low-rank,int8`. Throws USAGE for a name that is none, and for int8 before low rank. */
export function onnxMethods(
  text: string,
  {rank, energy}: {readonly rank?: number; readonly energy?: number},
): OnnxMethod[] {
  const names = text.split(',').map(name => name.trim());
  const wrong = names.find((name, i) => name !== 'low-rank' && !(name === 'int8' && i === names.length - 1));
  if (wrong !== undefined)
    throw new MillraceError('USAGE', `'${text}' are no methods for an ONNX network.`, {
      fix: 'Take low-rank, int8, or low-rank,int8.',
    });
  return names.map(name => {
    if (name === 'int8') return {kind: name};
    return rank === undefined ? {kind: 'low-rank', energy: energy ?? 0.95} : {kind: 'low-rank', rank};
  });
}

export type OnnxSide = {readonly bytes: number; readonly latency: Latency};

export type OnnxCompressionReport = {
  readonly methods: readonly OnnxMethod[];
  /** Dense layers, those that the last method changed, and the ranks that were chosen. */
  readonly layers: number;
  readonly changed: number;
  readonly ranks: readonly LayerRank[];
  readonly before: OnnxSide;
  readonly after: OnnxSide;
  /** What was asked: rows that were given, or random ones (standard normal) of this seed. */
  readonly inputs:
    | {readonly kind: 'given'; readonly rows: number}
    | {readonly kind: 'random'; readonly rows: number; readonly seed: number};
  /** |after - before| of the values of the first output; `deviation` is the standard deviation of those before. */
  readonly difference: CompressionReport['difference'] & {readonly deviation: number};
};

export type OnnxOptions = {
  readonly methods: readonly OnnxMethod[];
  /** Rows to compare on; random ones unless given. */
  readonly rows?: NumberRows;
  readonly seed: number;
  /** Milliseconds with fractions. */
  readonly now: () => number;
};

const RANDOM_ROWS = 1_000;
const BATCH_ROWS = 1_000;

/**
 * Makes the dense layers of an ONNX network smaller and compares both in ONNX Runtime, on one thread. Throws MODEL_INVALID
 * for a file that is no such network or has no dense layer that can be made smaller, PACKAGE_MISSING without
 * onnxruntime-node.
 */
export async function compressOnnx(
  onnx: Uint8Array,
  {methods, rows, seed, now}: OnnxOptions,
): Promise<{readonly bytes: Uint8Array; readonly report: OnnxCompressionReport}> {
  let bytes = onnx;
  let made = {changed: 0, layers: 0};
  const ranks: LayerRank[] = [];
  for (const method of methods) {
    const result = method.kind === 'int8' ? {...int8Layers(bytes), ranks: []} : lowRankLayers(bytes, method);
    ranks.push(...result.ranks);
    if (result.changed === 0) throw nothingToDo(method, result.layers);
    bytes = result.bytes;
    made = result;
  }
  const sessions = [await openLocalSession(onnx), await openLocalSession(bytes)] as const;
  try {
    const inputs = rows ?? randomRows(sessions[0], seed);
    checkWidth(sessions[0], inputs);
    const [before, after] = [await answers(sessions[0], inputs), await answers(sessions[1], inputs)];
    const [was, is] = await latencies(sessions, inputs, now);
    const count = inputs.values.length / inputs.width;
    return {
      bytes,
      report: {
        methods,
        layers: made.layers,
        changed: made.changed,
        ranks,
        before: {bytes: onnx.length, latency: was!},
        after: {bytes: bytes.length, latency: is!},
        inputs: rows === undefined ? {kind: 'random', rows: count, seed} : {kind: 'given', rows: count},
        difference: {...differenceOf(before, after), deviation: deviation(before)},
      },
    };
  } finally {
    for (const session of sessions) await session.release();
  }
}

function nothingToDo(method: OnnxMethod, layers: number): MillraceError {
  const most = method.kind === 'int8' ? 'of 4,096 weights or more' : 'of which two factors would be smaller';
  return new MillraceError('MODEL_INVALID', `The network has ${layers} dense layers, none ${most}.`, {
    fix:
      method.kind === 'int8'
        ? 'Keep it as it is: it is small.'
        : 'Take a smaller rank, or a smaller share of the energy.',
  });
}

function randomRows({width}: LocalSession, seed: number): NumberRows {
  if (width === null)
    throw new MillraceError('MODEL_INVALID', 'The network does not say how many columns it takes.', {
      fix: 'Give rows to compare on: --rows rows.npy or --rows rows.csv.',
    });
  const random = seededRandom(seed);
  return {width, values: Float32Array.from({length: RANDOM_ROWS * width}, () => normal(random))};
}

function checkWidth({width}: LocalSession, rows: NumberRows): void {
  if (width === null || width === rows.width) return;
  throw new MillraceError('SOURCE_SCHEMA', `The rows have ${rows.width} columns, the network takes ${width}.`, {
    fix: `Give rows of ${width} numbers, in the order of the network's input.`,
  });
}

/** Batch by batch, so that large inputs do not need all their activations at once. */
async function answers(session: LocalSession, {values, width}: NumberRows): Promise<Float64Array> {
  const parts: Float32Array[] = [];
  for (let from = 0; from < values.length; from += BATCH_ROWS * width)
    parts.push(await session.run(values.slice(from, from + BATCH_ROWS * width), width));
  return Float64Array.from(parts.flatMap(part => [...part]));
}

const WARM_UP = 50;
const ROUNDS = 6;

async function latencies(
  sessions: readonly LocalSession[],
  {values, width}: NumberRows,
  now: () => number,
): Promise<Latency[]> {
  const count = Math.min(BATCH_ROWS, values.length / width);
  const batch = values.slice(0, count * width);
  const row = (i: number) => values.slice((i % count) * width, ((i % count) + 1) * width);
  const timed = async (session: LocalSession, input: Float32Array) => {
    const started = now();
    await session.run(input, width);
    return now() - started;
  };
  const samples = sessions.map(() => ({row: [] as number[], batch: [] as number[]}));
  for (const session of sessions) for (let i = 0; i < WARM_UP; i++) await session.run(row(i), width);
  for (let round = 0; round < ROUNDS; round++)
    for (const [k, session] of sessions.entries()) {
      for (let i = 0; i < 50; i++) samples[k]!.row.push(await timed(session, row(i)));
      for (let i = 0; i < 3; i++) samples[k]!.batch.push(await timed(session, batch));
    }
  return samples.map(sample => ({rowUs: 1_000 * median(sample.row), batchMs: median(sample.batch), batchRows: count}));
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}
