// Asks one address again and again while others load the server, on a connection of its own.
import {Agent, get} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';

const EVERY_MS = 20;
const TIMEOUT_MS = 10_000;

export type Probed = {
  readonly count: number;
  /** No answer, or another status than 200. */
  readonly failed: number;
  readonly p99Ms: number;
  readonly maxMs: number;
};

/** Starts asking; `stop` ends it. */
export function probing(url: URL): {stop(): Promise<Probed>} {
  const agent = new Agent({keepAlive: true, maxSockets: 1});
  const milliseconds: number[] = [];
  let failed = 0;
  let stopped = false;
  const once = () =>
    new Promise<boolean>(resolve => {
      const request = get(url, {agent, timeout: TIMEOUT_MS}, response => {
        response.resume();
        response.once('end', () => resolve(response.statusCode === 200));
      });
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve(false));
    });
  const running = (async () => {
    while (!stopped) {
      const started = performance.now();
      if (!(await once())) failed++;
      milliseconds.push(performance.now() - started);
      await delay(EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
      const sorted = milliseconds.sort((a, b) => a - b);
      return {
        count: sorted.length,
        failed,
        p99Ms: sorted[Math.floor(0.99 * (sorted.length - 1))]!,
        maxMs: sorted.at(-1)!,
      };
    },
  };
}
