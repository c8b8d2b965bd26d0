import {expect, test} from 'vitest';
import {encodeArtifact} from '../artifact.ts';
import {loadModel} from '../load-model.ts';
import {checkOnnx} from '../onnxruntime/check-onnx.ts';
import {exportOnnx} from './export-onnx.ts';

test.each(['usual', 'prediction'] as const)(
  'a set without a category sends all but what is missing right, with %s outputs',
  async outputs => {
    const artifact = encodeArtifact(
      {
        format: 1,
        kind: 'trees',
        task: 'binary',
        features: [{name: 'place', kind: 'categorical', vocabulary: ['a', 'b']}],
        trainer: {kind: 'by hand', version: 1, parameters: {}},
        training: {rows: 0, validationRows: 0, seed: 0, iterations: 1, parent: null},
        checks: {rows: [], predictions: []},
      },
      {
        base: Float64Array.of(0),
        roots: Int32Array.of(0),
        feature: Int32Array.of(0, -1, -1),
        threshold: new Float32Array(3),
        left: Int32Array.of(1, 0, 0),
        right: Int32Array.of(2, 0, 0),
        missingLeft: Uint8Array.of(1, 0, 0),
        set: Int32Array.of(0, -1, -1),
        sets: Uint32Array.of(1, 0),
        value: Float32Array.of(0, -1, 1),
        gain: new Float32Array(3),
        cover: Float64Array.of(2, 1, 1),
      },
    );
    const predictor = loadModel(artifact);
    const matrix = {
      rows: 3,
      columns: [Float64Array.of(0, 1, Number.NaN)],
      names: ['place'],
      kinds: ['categorical' as const],
    };
    const ours = predictor.predictBatch(matrix);
    expect(Array.from(ours, p => p > 0.5)).toEqual([true, true, false]);
    expect((await checkOnnx(exportOnnx(predictor, outputs), matrix, ours)).rows).toBe(3);
  },
);
