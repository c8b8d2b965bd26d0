// Ways to read many values from Redis: one MGET, or a pipeline of GETs. One line of JSON per case.
// Run: npx tsx bench/peers/redis-reads.ts [--rounds n]
import {Redis} from 'ioredis';
import {compare} from '../harness/compare.ts';
import {options} from '../harness/report.ts';
import {startRedis} from './redis-server.ts';

const {rounds} = options(5);
const server = await startRedis();
const redis = new Redis(server.port);

type Read = (keys: readonly string[]) => Promise<unknown>;
const WAYS: Readonly<Record<string, Read>> = {
  MGET: keys => redis.mgetBuffer([...keys]),
  'pipeline of GETs': async keys => {
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.getBuffer(key);
    return pipeline.exec();
  },
};

for (const bytes of [400, 2_000]) {
  for (let i = 0; i < 10_000; i++) await redis.set(`${bytes}/${i}`, Buffer.alloc(bytes, i & 0xff));
  for (const size of [1, 10, 100])
    for (const callers of [1, 16]) {
      const calls = Math.ceil(20_000 / size ** 0.7 / callers);
      const candidates = Object.entries(WAYS).map(([name, read]) => ({
        name,
        begin: async () => ({
          work: async () => {
            const caller = async (c: number) => {
              for (let i = 0; i < calls; i++)
                await read(Array.from({length: size}, (_, k) => `${bytes}/${((c + i) * 7_919 + k * 31) % 10_000}`));
            };
            await Promise.all(Array.from({length: callers}, (_, c) => caller(c)));
            return calls * callers;
          },
        }),
      }));
      for (const {name, amount, seconds, cpuSeconds} of await compare(candidates, {rounds}))
        console.log(
          JSON.stringify({
            bench: 'redis-reads',
            name,
            bytes,
            keys: size,
            callers,
            readsPerSecond: Math.round(amount / seconds),
            microseconds: Number(((seconds / amount) * callers * 1e6).toFixed(1)),
            clientCpuMicroseconds: Number(((cpuSeconds / amount) * 1e6).toFixed(1)),
          }),
        );
    }
}
redis.disconnect();
await server.stop();
