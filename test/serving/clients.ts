// Clients that ask for predictions one after the other, each on connections of its own, and try again as a careful client
// does: when there is no connection, or when the answer says that it is temporary (429, 503).
import {Agent, request} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';

/** After so long without an answer a request has failed. */
const GIVE_UP_MS = 20_000;
const RETRY_MS = 20;

export type Asked = {
  /** Ids of requests that were answered with 200, with the version that answered. */
  readonly answered: Map<string, number>;
  /** What went wrong for good: a status that no retry mends, or nothing within 20 s. */
  readonly failures: string[];
  /** Attempts that were made again. */
  retries: number;
};

type Answer = {readonly status: number; readonly body: string};

function post(url: string, agent: Agent, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)};
    const sent = request(url, {method: 'POST', agent, headers}, response => {
      let text = '';
      response.setEncoding('utf8').on('data', part => {
        text += part;
      });
      response.once('end', () => resolve({status: response.statusCode!, body: text}));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

export type ClientOptions = {
  readonly count: number;
  /** Begins the ids of their requests, which differ. */
  readonly prefix: string;
  /** Whether they try again; without it every refusal is a failure. */
  readonly retry: boolean;
};

/** Clients that ask until they are stopped. */
export function startClients(url: string, {count, prefix, retry}: ClientOptions) {
  const asked: Asked = {answered: new Map(), failures: [], retries: 0};
  let stopped = false;
  /** Whether the request has come to its end, good or bad. */
  const attempt = async (agent: Agent, id: string, instance: object): Promise<boolean> => {
    try {
      const {status, body} = await post(url, agent, JSON.stringify({instances: [instance]}));
      if (status === 200) {
        const {predictions} = JSON.parse(body) as {predictions: {id: string; version: number}[]};
        asked.answered.set(predictions[0]!.id, predictions[0]!.version);
        return true;
      }
      if (!retry || (status !== 429 && status !== 503)) {
        asked.failures.push(`${id}: ${status} ${body}`);
        return true;
      }
    } catch (error) {
      if (!retry) {
        asked.failures.push(`${id}: ${(error as Error).message}`);
        return true;
      }
    }
    return false;
  };
  const client = async (c: number): Promise<void> => {
    const agent = new Agent({keepAlive: true, maxSockets: 1});
    for (let n = 0; !stopped; n++) {
      const id = `${prefix}-${c}-${n}`;
      const instance = {id, kitchen: `k${n % 8}`, distance: (n % 80) / 10};
      const until = performance.now() + GIVE_UP_MS;
      while (!(await attempt(agent, id, instance))) {
        asked.retries++;
        if (performance.now() > until) {
          asked.failures.push(`${id}: no answer within ${GIVE_UP_MS} ms`);
          break;
        }
        await delay(RETRY_MS);
      }
    }
    agent.destroy();
  };
  const running = Array.from({length: count}, (_, c) => client(c));
  return {
    asked,
    stop: async (): Promise<Asked> => {
      stopped = true;
      await Promise.all(running);
      return asked;
    },
  };
}
