/**
 * How often the domain classifier calls clean windows significant, and finds a shift that it should.
 *
 *   npx tsx bench/monitoring/domain-classifier.ts [runs]
 */

import {normal, type Random, seededRandom} from '../../src/math/index.ts';
import {neededRows} from '../../src/monitoring/multivariate/domain-power.ts';
import {domainClassifierReport} from '../../src/monitoring/multivariate/domain-report.ts';
import {MULTIVARIATE_DEFAULTS} from '../../src/monitoring/multivariate/multivariate-policy.ts';

const runs = Number(process.argv[2] ?? 100);
/** Told with AUC 0.655 at best, where the gate is 0.6: 2.5 times its squared size. */
const SHIFT = 0.566;

/** Three of four features are numeric, the fourth has 20 categories; the first may move. */
function columnsOf(rows: number, features: number, shift: number, random: Random): Float64Array[] {
  return Array.from({length: features}, (_, f) =>
    Float64Array.from({length: rows}, () =>
      f % 4 === 3 ? Math.floor(20 * random() ** 2) : normal(random) + (f === 0 ? shift : 0),
    ),
  );
}

for (const [features, before] of [
  [3, 1_500],
  [10, 5_000],
  [40, 5_000],
] as const) {
  const rows = neededRows(MULTIVARIATE_DEFAULTS.auc, MULTIVARIATE_DEFAULTS.alpha, features, before)!;
  const names = Array.from({length: features}, (_, f) => `f${f}`);
  const categorical = names.map((_, f) => f % 4 === 3);
  for (const shift of [0, SHIFT]) {
    const found = {p05: 0, p01: 0, drift: 0, named: 0};
    const before0 = process.cpuUsage();
    for (let run = 0; run < runs; run++) {
      const random = seededRandom(run);
      const [reference, current] = [columnsOf(before, features, 0, random), columnsOf(rows, features, shift, random)];
      const {
        pValue,
        verdict,
        features: told,
      } = await domainClassifierReport({names, reference, current, categorical}, MULTIVARIATE_DEFAULTS, random);
      if (pValue! <= 0.05) found.p05++;
      if (pValue! <= 0.01) found.p01++;
      if (verdict === 'drift') found.drift++;
      if (told[0]?.feature === 'f0') found.named++;
    }
    const {user, system} = process.cpuUsage(before0);
    const shares = Object.fromEntries(Object.entries(found).map(([name, count]) => [name, count / runs]));
    console.log({features, before, rows, shift, ...shares, cpuMs: Math.round((user + system) / 1_000 / runs)});
  }
}
