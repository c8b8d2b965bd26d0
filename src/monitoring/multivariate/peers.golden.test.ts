// Golden values: scikit-learn's kernel and NannyML's own calculator; script and versions are named in the file.
import {expect, test} from 'vitest';
import {seededRandom} from '../../math/index.ts';
import {kernelMatrix} from './kernel-matrix.ts';
import {mmdTest} from './mmd.ts';
import golden from './peers.golden.json' with {type: 'json'};
import {pointSet} from './point-set.ts';
import {learnReconstruction} from './reconstruction.ts';

const columnsOf = (columns: readonly (readonly (number | null)[])[]) =>
  columns.map(column => Float64Array.from(column, x => x ?? Number.NaN));
const average = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

test('MMD² with a kernel of median width, categories as zeros and ones, is that of scikit-learn', async () => {
  const {mmd, width, ...sides} = golden.mmd;
  const [reference, current] = [columnsOf(sides.reference), columnsOf(sides.current)];
  const points = pointSet({
    names: ['a', 'b', 'c', 'd'],
    reference,
    current,
    categorical: [false, false, false, true],
  });
  const kernel = await kernelMatrix(points);
  expect(kernel.width).toBeCloseTo(width, 10);
  const test = await mmdTest(kernel, points.reference, seededRandom(1));
  expect(test.value).toBeCloseTo(mmd, 10);
});

test("the reconstruction error is NannyML's, missing values and categories included", async () => {
  const {reference, current, error} = golden.pca;
  const reconstruct = await learnReconstruction(columnsOf(reference), [false, false, false, false, true]);
  expect(average(reconstruct(columnsOf(current)).errors)).toBeCloseTo(error, 9);
});
