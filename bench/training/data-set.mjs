// The synthetic problem of the training benchmark: normal features, of which five matter (two with an interaction,
// two curves, a line), one value in twenty missing. A bare product would not do: which trees find it first is chance,
// and AUC then varies by 0.005 from seed to seed for every library. Written as float32 columns without a header.
import {writeFileSync} from 'node:fs';

/** Writes train.f32, test.f32 (columns one after another) and their .labels (a byte per row) into `folder`. */
export function writeDataSet(folder, {rows, testRows, features, seed}) {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (const [name, count] of [
    ['train', rows],
    ['test', testRows],
  ]) {
    const values = new Float32Array(count * features).map(normal);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(f => values[f * count + i]);
      const margin = 0.7 * (a + b + a * b) + Math.sin(2 * c) + 0.5 * d * d - 0.5 + 0.7 * e;
      labels[i] = random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
    }
    for (let i = 0; i < values.length; i++) if (random() < 0.05) values[i] = Number.NaN;
    writeFileSync(`${folder}/${name}.f32`, values);
    writeFileSync(`${folder}/${name}.labels`, labels);
  }
}

/** A small seeded generator (public domain, by Tommy Ettinger). */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
