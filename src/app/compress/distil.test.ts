import {describe, expect, test} from 'vitest';
import {normal, seededRandom} from '../../math/index.ts';
import {loadModel, type Matrix} from '../../models/index.ts';
import {type LocalSession, openLocalSession} from '../../models/onnxruntime/index.ts';
import {gradientBoostedTrees, trainModel} from '../../training/index.ts';
import {distil} from './distil.ts';
import {networkFile} from './network.fixture.ts';
import {appendRows, resampleRows} from './resample-rows.ts';

const WIDTH = 6;
const kinds = Array.from({length: WIDTH}, () => 'numeric' as const);
const names = kinds.map((_, f) => `f${f}`);

function randomMatrix(rows: number, seed: number): Matrix {
  const random = seededRandom(seed);
  return {rows, names, kinds, columns: kinds.map(() => Float64Array.from({length: rows}, () => normal(random)))};
}

/** An imported network as a teacher. */
const teacherOf =
  (session: LocalSession) =>
  async ({rows, columns}: Matrix): Promise<Float64Array> => {
    const values = Float32Array.from({length: rows * WIDTH}, (_, at) => columns[at % WIDTH]![Math.floor(at / WIDTH)]!);
    return Float64Array.from(await session.run(values, WIDTH));
  };

const meanDistance = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

describe('an ONNX network', () => {
  test('is imitated by trees, better than trees that see only the labels it would draw', async () => {
    const session = await openLocalSession(networkFile(3, [WIDTH, 12, 1]));
    const teacher = teacherOf(session);
    const [train, validation, test] = [randomMatrix(3_000, 1), randomMatrix(800, 2), randomMatrix(2_000, 3)];
    const student = gradientBoostedTrees({trees: 80, leaves: 15});
    const bytes = await distil(teacher, {student, train, validation, extraRows: 3_000, seed: 1});
    const model = loadModel(bytes);
    expect(model.spec.compression).toEqual([
      {method: 'distil', parameters: {student: 'gradientBoostedTrees', extraRows: 3_000}},
    ]);
    expect(model.spec.training.rows).toBe(6_000);
    const random = seededRandom(4);
    const draw = (scores: Float64Array) => scores.map(p => (random() < p ? 1 : 0));
    const byLabels = await trainModel(student, {
      train: {matrix: train, labels: draw(await teacher(train))},
      validation: {matrix: validation, labels: draw(await teacher(validation))},
      seed: 1,
    });
    const expected = await teacher(test);
    await session.release();
    const imitated = meanDistance(model.predictBatch(test), expected);
    expect(imitated).toBeLessThan(0.5 * meanDistance(byLabels.predictor.predictBatch(test), expected));
    expect(imitated).toBeLessThan(0.04);
  });
});

describe('mixed rows', () => {
  test('take every value from the same column of some row, about a quarter from another row, the same for a seed', () => {
    const matrix = randomMatrix(200, 5);
    const mixed = resampleRows(matrix, 1_000, 7);
    expect(resampleRows(matrix, 1_000, 7)).toEqual(mixed);
    expect(resampleRows(matrix, 1_000, 8)).not.toEqual(mixed);
    let swapped = 0;
    for (let i = 0; i < mixed.rows; i++) {
      const from = mixed.columns.map((column, f) => matrix.columns[f]!.indexOf(column[i]!));
      expect(Math.min(...from)).toBeGreaterThanOrEqual(0);
      expect(new Set(from).size).toBeLessThanOrEqual(2);
      const largest = Math.max(...from.map(row => from.filter(other => other === row).length));
      swapped += WIDTH - largest;
    }
    expect(swapped / (mixed.rows * WIDTH)).toBeGreaterThan(0.15);
    expect(swapped / (mixed.rows * WIDTH)).toBeLessThan(0.3);
  });

  test('stand below the rows that there are', () => {
    const [above, below] = [randomMatrix(3, 1), randomMatrix(2, 2)];
    const joined = appendRows(above, below);
    expect(joined.rows).toBe(5);
    expect([...joined.columns[1]!]).toEqual([...above.columns[1]!, ...below.columns[1]!]);
  });
});
