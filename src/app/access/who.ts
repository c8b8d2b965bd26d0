import {userInfo} from 'node:os';
import type {Principal} from '../../access/index.ts';

/** Somebody who asked a server, as the audit log names them. */
export function whoAsked({kind, id, name}: Principal, address: string): string {
  if (kind === 'key') return `key ${name} (${id})`;
  return kind === 'process' ? 'the server' : `anyone at ${address}`;
}

/** Somebody at a terminal of this machine. */
export const whoTypes = (): string => `user ${userInfo().username}`;

/** Rules that the project wrote down. */
export const THE_POLICY = 'the policy';
