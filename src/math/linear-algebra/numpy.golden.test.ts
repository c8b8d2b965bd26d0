// Golden values: numpy's `linalg.eigh`; the script that made them and the version are named in the file.
import {expect, test} from 'vitest';
import golden from './numpy.golden.json' with {type: 'json'};
import {symmetricMatrixEigen} from './symmetric-matrix-eigen.ts';

test.each(golden.cases.map(one => [one.values.length, one] as const))(
  '%i eigenvalues and vectors are those of numpy',
  (size, one) => {
    const {values, vectors} = symmetricMatrixEigen(Float64Array.from(one.matrix), size);
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(one.values[k]!, 11);
    });
    vectors.forEach((x, k) => {
      expect(x).toBeCloseTo(one.vectors[k]!, 9);
    });
  },
);
