// What a client shows: `mrk_<id, 16 hex digits>_<secret, 43 base64url characters>`.
import {hash, timingSafeEqual} from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const PREFIX = 'mrk_';
const ID_END = PREFIX.length + 2 * ID_BYTES;
const LENGTH = ID_END + 1 + Math.ceil((SECRET_BYTES * 4) / 3);
const ANYWHERE = /mrk_([0-9a-f]{16})_[\w-]{20,}/g;

export type KeyToken = {readonly id: string; readonly secret: string};

export type RandomBytes = (size: number) => Uint8Array;

/** A new id and a new secret of 256 random bits. */
export function makeToken(randomBytes: RandomBytes): KeyToken {
  return {
    id: Buffer.from(randomBytes(ID_BYTES)).toString('hex'),
    secret: Buffer.from(randomBytes(SECRET_BYTES)).toString('base64url'),
  };
}

export const tokenText = ({id, secret}: KeyToken): string => `${PREFIX}${id}_${secret}`;

/** The parts of a token; null for anything else. */
export function parseToken(text: string): KeyToken | null {
  if (text.length !== LENGTH || !text.startsWith(PREFIX) || text[ID_END] !== '_') return null;
  return {id: text.slice(PREFIX.length, ID_END), secret: text.slice(ID_END + 1)};
}

/**
 * SHA-256 of the secret's text. A slow hash protects passwords because people choose few of them; of 256 random bits
 * there is nothing to guess, so a fast one keeps them as well and costs a request one microsecond.
 */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** Whether the secret has this hash; takes as long whatever differs. */
export const hashMatches = (secret: string, kept: Uint8Array): boolean => timingSafeEqual(hashOf(secret), kept);

/** The text with the secret of every token in it struck out. */
export const withoutSecrets = (text: string): string => text.replaceAll(ANYWHERE, 'mrk_$1_…');
