/** One POST of JSON to an address that an administrator named: bounded in time and size, without redirects. */

import type {FromEnvironment} from '../incidents/channel-definition.ts';
import {type Environment, urlOf} from './environment.ts';
import {unavailable} from './unavailable.ts';

export type PostOptions = {
  readonly channel: string;
  readonly url: FromEnvironment;
  readonly environment: Environment;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** From the first packet to the last of the answer. */
  readonly timeoutMs: number;
};

/** Of an answer so many bytes are read at most. */
const MOST_READ = 2_048;
const SHOWN = 100;

/** Resolves at a 2xx. Throws CHANNEL_UNAVAILABLE with the status or the code of the failure, never with the address. */
export async function postJson({channel, url, environment, body, headers, timeoutMs}: PostOptions): Promise<void> {
  const address = urlOf(channel, url, environment, ['http:', 'https:']);
  const {username, password} = address;
  const secrets = secretsIn(address);
  const login: Record<string, string> =
    username === '' ? {} : {authorization: `Basic ${btoa(`${decoded(username)}:${decoded(password)}`)}`};
  address.username = '';
  address.password = '';
  let status: number;
  let said: string;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {'content-type': 'application/json', 'user-agent': 'millrace', ...login, ...headers},
      body,
    });
    status = answer.status;
    said = await startOf(answer);
  } catch (error) {
    const fix = `Check that the address in ${url.env} is right and its server runs.`;
    throw unavailable(channel, reasonOf(error, timeoutMs), fix);
  }
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400)
    throw unavailable(
      channel,
      `answered ${status}: redirects are not followed`,
      `Put the last address into ${url.env}.`,
    );
  const words = printable(said, secrets);
  throw unavailable(
    channel,
    `answered ${status}${words === '' ? '' : `: ${words}`}`,
    'Look at the log of the receiver; it is tried again.',
  );
}

async function startOf({body}: Response): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < MOST_READ) {
    const {done, value} = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.length;
  }
  await reader.cancel();
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, MOST_READ));
}

/** The code alone: messages of the system may name the address. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const {name, cause} = error as {name?: string; cause?: {code?: unknown}};
  if (name === 'TimeoutError') return `did not answer within ${timeoutMs / 1_000} s`;
  return `cannot be reached (${typeof cause?.code === 'string' ? cause.code : 'no connection'})`;
}

/** Parts of an address that a receiver may repeat, as they are written and as they are meant, the longest first. */
function secretsIn({pathname, search, searchParams, username, password}: URL): string[] {
  const values = search.split('&').map(pair => pair.slice(pair.indexOf('=') + 1));
  const parts = [pathname, search, username, password, ...pathname.split('/'), ...values];
  return [...parts, ...parts.map(decoded), ...searchParams.values()]
    .filter(part => part.length >= 4)
    .sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first words of an answer, without what stands in the address. */
function printable(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return hidden
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, SHOWN);
}
