// The load generator: autocannon in a process of its own. Latencies are kept one by one, because autocannon's own
// histogram counts in milliseconds.
import {readFileSync} from 'node:fs';
import autocannon from 'autocannon';
import type {LoadOptions, LoadResult} from './messages.ts';

const {url, bodies, connections, seconds} = JSON.parse(process.argv[2]!) as LoadOptions;
const requests = (JSON.parse(readFileSync(bodies, 'utf8')) as string[]).map(body => ({body}));
const latencies: number[] = [];
let failures = 0;

const instance = autocannon(
  {url, connections, duration: seconds, method: 'POST', headers: {'content-type': 'application/json'}, requests},
  (error, result) => {
    if (error) throw error;
    const sorted = Float64Array.from(latencies).sort();
    const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]! * 1_000;
    const answer: LoadResult = {
      requests: latencies.length,
      seconds: result.duration,
      p50Us: quantile(0.5),
      p99Us: quantile(0.99),
      failures: failures + result.errors + result.timeouts,
    };
    console.log(JSON.stringify(answer));
  },
);
instance.on('response', (_client, status, _bytes, milliseconds) => {
  latencies.push(milliseconds);
  if (status !== 200) failures++;
});
