/** Addresses and secrets of channels, read from the environment by name when they are needed. */

import type {FromEnvironment} from '../incidents/channel-definition.ts';
import {unavailable} from './unavailable.ts';

/** `process.env`, or an own record. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws CHANNEL_UNAVAILABLE where it is not set. */
export function variableOf(channel: string, {env}: FromEnvironment, environment: Environment): string {
  const value = environment[env];
  if (value !== undefined && value !== '') return value;
  throw unavailable(channel, `needs the environment variable ${env}, which is not set`, `Set ${env} and restart.`);
}

/** The URL in a variable. Throws CHANNEL_UNAVAILABLE, without a word of what it holds. */
export function urlOf(
  channel: string,
  from: FromEnvironment,
  environment: Environment,
  protocols: readonly string[],
): URL {
  const text = variableOf(channel, from, environment);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && protocols.includes(url.protocol)) return url;
  const allowed = protocols.map(protocol => `${protocol}//…`).join(' or ');
  throw unavailable(channel, `cannot use what ${from.env} holds: it is no such address`, `Write ${allowed}`);
}
