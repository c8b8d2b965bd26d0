import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';

const START = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const MINUTE = 60_000;
const KITCHENS = 8;

/** Marsaglia's xorshift32: the same history on every machine. */
function random32(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/** Writes three weeks of orders and deliveries, 20,000 of each unless told, the first `rows` of them. */
export async function prepare({folder, rows = 20_000}: {folder: string; rows?: number}): Promise<void> {
  const random = random32(20_240_101);
  const orders = ['orderId,kitchen,distance,orderedAt'];
  const deliveries: {readonly at: number; readonly line: string}[] = [];
  const trouble = Array.from({length: KITCHENS}, () => 0);
  const step = (21 * DAY) / 20_000;
  for (let i = 0; i < rows; i++) {
    const at = START + Math.floor(i * step + random() * step * 0.9);
    const kitchen = Math.floor(random() * KITCHENS);
    const distance = Math.round(random() * 80) / 10;
    trouble[kitchen] = 0.97 * trouble[kitchen]! + (random() - 0.5) * 0.9;
    const scooters = at >= START + 14 * DAY;
    const score = -0.4 + trouble[kitchen]! + (scooters ? 0.9 * (4 - distance) : 0.9 * (distance - 4));
    const late = random() < 1 / (1 + Math.exp(-score));
    const delay = late ? 11 + Math.floor(random() * 40) : Math.floor(random() * 21) - 10;
    const done = at + (20 + delay + Math.floor(distance * 3)) * MINUTE;
    orders.push(`o${i},k${kitchen},${distance},${new Date(at).toISOString()}`);
    if (random() < 0.98)
      deliveries.push({
        at: done,
        line: `o${i},k${kitchen},${random() < 0.01 ? '' : delay},${new Date(done).toISOString()}`,
      });
  }
  deliveries.sort((a, b) => a.at - b.at);
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, 'orders.csv'), `${orders.join('\n')}\n`);
  await writeFile(
    join(folder, 'deliveries.csv'),
    `${['orderId,kitchen,delay,deliveredAt', ...deliveries.map(d => d.line)].join('\n')}\n`,
  );
}
