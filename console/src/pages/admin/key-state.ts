import type {ApiKey} from 'millrace/protocol';
import type {Level} from '../../parts/meaning.tsx';

export type KeyState = {readonly state: 'in force' | 'revoked' | 'expired'; readonly level: Level};

/** `now`: UTC ms, of the wall: keys end in real time. */
export function stateOf({revokedAt, expiresAt}: ApiKey, now: number): KeyState {
  if (revokedAt !== null) return {state: 'revoked', level: 'unknown'};
  return expiresAt !== null && now >= expiresAt
    ? {state: 'expired', level: 'watch'}
    : {state: 'in force', level: 'good'};
}
