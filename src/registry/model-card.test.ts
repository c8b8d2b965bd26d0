import {describe, expect, test} from 'vitest';
import type {ModelVersion} from '../protocol/index.ts';
import {candidate} from './candidate.fixture.ts';
import {modelCard} from './model-card.ts';

const {bytes: _bytes, onnx: _onnx, ...record} = candidate();
const version: ModelVersion = {
  ...record,
  version: 3,
  status: 'champion',
  artifact: {
    name: 'models/late/3/model-9f64a747e1b9.bin',
    bytes: 4_096,
    sha256: '9f64a747e1b9',
    onnxName: 'models/late/3/model-5feceb66ffc8.onnx',
    onnxSha256: '5feceb66ffc8',
    onnxMaxDifference: 3e-7,
    onnxRows: 1_000,
  },
};

describe('a model card', () => {
  const card = modelCard(version);

  test('opens with the version and has every section once', () => {
    expect(
      card.startsWith('# late, version 3\n\ngradient-boosted trees, champion, created 2001-04-01 00:00 UTC.'),
    ).toBe(true);
    expect(card.match(/^## .+$/gm)).toEqual([
      '## Performance',
      '## Gates',
      '## Slices',
      '## Training data',
      '## Features',
      '## Parameters',
      '## Provenance',
    ]);
  });

  test('shows figures with their interval, and a dash where there is none', () => {
    expect(card).toContain(
      '| gradient-boosted trees | model | 1,200 | 0.74 [0.72, 0.76] | 0.4612 | 0.41 | 0.15 | 0.012 | 0.21 | 0.2 |',
    );
    expect(card).toContain('| zero rule | baseline | 1,200 | – |');
  });

  test('lists features by importance', () => {
    const [first, second, third] = ['origin_late_2h | numeric | 60.0 %', 'hour | numeric | 30.0 %', 'origin | cat'].map(
      row => card.indexOf(row),
    );
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first!);
    expect(third).toBeGreaterThan(second!);
  });

  test('keeps every table rectangular, whatever the values contain', () => {
    const tables = card.split('\n\n').filter(block => block.startsWith('|'));
    expect(tables.length).toBe(7);
    for (const table of tables) {
      const widths = table.split('\n').map(line => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(card).toContain('origin = A\\|B');
  });

  test('says so where nothing was measured or exported', () => {
    const bare = modelCard({
      ...version,
      artifact: {...version.artifact, onnxName: null, onnxSha256: null, onnxMaxDifference: null, onnxRows: 0},
    });
    expect(bare).toContain('- ONNX: not exported');
    expect(modelCard({...version, artifact: {...version.artifact, onnxMaxDifference: null}})).toContain(
      'not checked against ONNX Runtime',
    );
    expect(card).toContain('differs from ONNX Runtime by at most 3.0e-7 on 1,000 rows');
  });
});
