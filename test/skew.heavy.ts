// Served against recomputed, bit for bit, over more rows, keys and restarts than the tests of a commit have time for.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {skews, withSkewRun} from '../src/features/contract/skew-run.ts';
import {ARRIVALS, ROUNDINGS, type Rounding, skewWorld} from '../src/features/contract/skew-world.ts';

const cells = (Object.keys(ROUNDINGS) as Rounding[]).flatMap((rounding, r) =>
  ARRIVALS.map((arrival, a) => ({rounding, arrival, seed: 1_000 + 10 * r + a})),
);

describe('what was served from a live state that restarts', () => {
  test.each(cells)('is what the log gives: times of $rounding, arrival by $arrival', async cell => {
    const folder = mkdtempSync(join(tmpdir(), 'skew-'));
    // A busy key with thousands of events, and many quiet ones.
    const world = skewWorld({...cell, events: 12_000, users: 150});
    try {
      const found = await withSkewRun(world, {...cell, folder, rows: 8_000, restarts: 12}, skews);
      expect(found.slice(0, 5)).toEqual([]);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
