// Makes the events of a shop that does not exist: 64 days, some 20,000 events, the same on every machine.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const START = Date.UTC(2025, 0, 1);
const DAYS = 64;
const SHOPPERS = 500;
const VISITS_A_DAY = 240;
const CHANNELS = ['search', 'mail', 'social', 'direct'];
const DAY = 86_400_000;

type Options = {readonly folder: string; readonly rows?: number; readonly log?: (line: string) => void};

/**
 * Writes `visits.jsonl` and `purchases.jsonl` into the folder. `rows` asks for the first visits only.
 *
 * What a model can learn: every shopper has a taste for buying, which shows in past purchases; every channel
 * has campaigns that come and go over days; and people buy more in the evening.
 */
export async function prepare({folder, rows = Number.POSITIVE_INFINITY, log = () => {}}: Options): Promise<void> {
  const random = seeded(2025);
  const tastes = Array.from({length: SHOPPERS}, () => 1.3 * normal(random));
  const campaigns = CHANNELS.map(() => campaign(random));

  const visits: string[] = [];
  const purchases: {readonly time: number; readonly line: string}[] = [];
  for (let day = 0; day < DAYS; day++) {
    const times = Array.from({length: VISITS_A_DAY}, () => START + (day + random()) * DAY).sort((a, b) => a - b);
    for (const time of times) {
      const shopper = Math.floor(random() ** 1.5 * SHOPPERS);
      const channel = Math.floor(random() * CHANNELS.length);
      const evening = new Date(time).getUTCHours() >= 18 ? 0.6 : 0;
      const buys = random() < 1 / (1 + Math.exp(1.5 - tastes[shopper]! - campaigns[channel]![day]! - evening));
      const minutes = 2 + random() * 88;
      const amount = Math.round(2_000 * Math.exp(normal(random))) / 100;
      if (visits.length >= rows) break;
      const visit = {
        visitId: `v${String(visits.length + 1).padStart(6, '0')}`,
        at: iso(time),
        shopper: `s${String(shopper).padStart(3, '0')}`,
        channel: CHANNELS[channel]!,
      };
      visits.push(JSON.stringify(visit));
      const bought = time + minutes * 60_000;
      if (buys) purchases.push({time: bought, line: JSON.stringify({...visit, at: iso(bought), amount})});
    }
  }
  purchases.sort((a, b) => a.time - b.time);

  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, 'visits.jsonl'), `${visits.join('\n')}\n`);
  writeFileSync(join(folder, 'purchases.jsonl'), `${purchases.map(({line}) => line).join('\n')}\n`);
  log(`shop: ${visits.length} visits, ${purchases.length} purchases`);
}

const iso = (time: number): string => new Date(time).toISOString();

/** A pull that wanders from day to day. */
function campaign(random: () => number): number[] {
  let pull = 0;
  return Array.from({length: DAYS}, () => {
    pull = 0.85 * pull + 0.4 * normal(random);
    return pull;
  });
}

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Standard normal numbers (Box and Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
