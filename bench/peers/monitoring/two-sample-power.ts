/**
 * How often each two-sample test sees a change of 300 rows against 300 at p <= 0.01, per kind of change: why
 * docs/rooms/math.md names a default per type. `npx tsx bench/peers/monitoring/two-sample-power.ts [repeats]`
 */

import {
  andersonDarling,
  cramerVonMises,
  eppsSingleton,
  kolmogorovSmirnov,
  normal,
  rankSum,
  seededRandom,
} from '../../../src/math/index.ts';

const repeats = Number(process.argv[2] ?? 2000);
const rows = 300;
const alpha = 0.01;
const random = seededRandom(11);
const standard = (): number => normal(random);
const exponential = (): number => -Math.log(1 - random());

const changes = {
  none: [standard, standard],
  'none, rounded to 0.5': [() => Math.round(2 * standard()), () => Math.round(2 * standard())],
  'mean + 0.25 sd': [standard, () => standard() + 0.25],
  'sd × 1.3': [standard, () => standard() * 1.3],
  'two modes': [standard, () => standard() * 0.6 + (random() < 0.5 ? -0.8 : 0.8)],
  '5 % with sd × 4': [standard, () => standard() * (random() < 0.05 ? 4 : 1)],
  'exponential × 1.25': [exponential, () => exponential() * 1.25],
} as const;
const tests = {kolmogorovSmirnov, andersonDarling, cramerVonMises, eppsSingleton, rankSum};

for (const [change, [reference, current]] of Object.entries(changes)) {
  const found = Object.fromEntries(Object.keys(tests).map(name => [name, 0]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    const before = Float64Array.from({length: rows}, reference).sort();
    const after = Float64Array.from({length: rows}, current).sort();
    for (const [name, test] of Object.entries(tests)) if (test(before, after).pValue <= alpha) found[name]! += 1;
  }
  const shares = Object.entries(found).map(([name, count]) => [name, Number((count / repeats).toFixed(3))]);
  console.log(JSON.stringify({change, rows, alpha, repeats, ...Object.fromEntries(shares)}));
}
