import {type Clock, MillraceError, type RateLimit, SCOPES, type Scope} from '../protocol/index.ts';
import {AddressBuckets} from './address-buckets.ts';
import type {KeptKey} from './api-keys.ts';
import {hashMatches, parseToken} from './key-token.ts';
import {RateLimited} from './rate-limited.ts';
import {bitsGranted, bitsOf} from './scopes.ts';
import {fullBucket, type TokenBucket, takeToken} from './token-bucket.ts';

/** Who asks: a key, the serving process itself, or anyone, where no key is needed. */
export type Principal = {readonly kind: 'key' | 'process' | 'open'; readonly id: string; readonly name: string};

export type AccessRequest = {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** Any of these will do. */
  readonly scopes: readonly Scope[];
  /** The model that is asked about, where one is named. */
  readonly model: string | undefined;
};

export type AccessGateOptions = {
  readonly clock: Clock;
  /** Milliseconds that never go back. */
  readonly monotonicMs: () => number;
  /** Of each client without a rate of its own; none limits nobody. */
  readonly rate?: RateLimit;
  /** Addresses remembered at once; 10,000 unless told. */
  readonly addresses?: number;
};

type Entry = {
  readonly principal: Principal;
  readonly key: KeptKey;
  readonly hash: Uint8Array;
  readonly bits: number;
  readonly models: ReadonlySet<string> | null;
  readonly rate: RateLimit | null;
  readonly bucket: TokenBucket | null;
  used: boolean;
};

export const OPEN: Principal = Object.freeze({kind: 'open', id: '', name: 'anyone'});

/** Judges requests from memory: a key is found by its id, compared by its hash, and its rate counted. */
export class AccessGate {
  readonly #options: AccessGateOptions;
  readonly #addresses: AddressBuckets | null;
  #entries = new Map<string, Entry>();
  #own: Entry | null = null;

  constructor(options: AccessGateOptions) {
    this.#options = options;
    this.#addresses = options.rate ? new AddressBuckets(options.rate, options.addresses ?? 10_000) : null;
  }

  /** Keys known, also those that have ended. */
  get size(): number {
    return this.#entries.size;
  }

  /** Knows these keys from now on, and no others. What a key has left of its rate stays. */
  use(keys: readonly KeptKey[]): void {
    this.#entries = new Map(keys.map(key => [key.id, this.#entryOf(key, 'key')]));
  }

  /** Lets this process itself in with a key that is kept nowhere: for everything, and at any rate. */
  trust(key: KeptKey): void {
    this.#own = {...this.#entryOf(key, 'process'), rate: null, bucket: null};
  }

  /** Whether the header names a key that this gate has never heard of. */
  isNews(authorization: string | undefined): boolean {
    const token = bearerOf(authorization);
    return token !== null && this.#find(token.id) === undefined;
  }

  /** Whether the requests of this header are counted: its key has a rate. */
  isLimited(authorization: string | undefined): boolean {
    const token = authorization === undefined ? null : bearerOf(authorization);
    return token !== null && this.#find(token.id)?.rate != null;
  }

  /**
   * Who asks, if they may. Throws UNAUTHENTICATED without a key that is in force, RATE_LIMITED (a `RateLimited`) past
   * its rate, FORBIDDEN beyond its scopes or models.
   */
  admit({authorization, scopes, model}: AccessRequest, wanted = bitsOf(scopes)): Principal {
    const entry = this.#authenticate(authorization);
    this.#limit(entry);
    if ((entry.bits & wanted) === 0) throw forbidden(entry, scopes);
    if (entry.models !== null) checkModel(entry, scopes, model);
    return entry.principal;
  }

  /** Lets anyone in, at the rate of an address. Throws RATE_LIMITED. */
  admitAnyone(address: string): Principal {
    const wait = this.#addresses?.take(address, this.#options.monotonicMs()) ?? 0;
    if (wait > 0) throw new RateLimited(`The address ${address}`, wait);
    return OPEN;
  }

  /** Ids of the keys that were used since this was asked last. */
  takeUsed(): string[] {
    const used = [...this.#entries.values()].filter(entry => entry.used);
    for (const entry of used) entry.used = false;
    return used.map(({key}) => key.id);
  }

  #authenticate(authorization: string | undefined): Entry {
    if (authorization === undefined) throw unauthenticated('The request has no key.');
    const token = bearerOf(authorization);
    if (token === null) throw unauthenticated('The header Authorization holds no key of this server.');
    const entry = this.#find(token.id);
    if (!entry || !hashMatches(token.secret, entry.hash)) throw unauthenticated('The key is not one of this server.');
    const {revokedAt, expiresAt} = entry.key;
    if (revokedAt !== null) throw unauthenticated('The key was revoked.');
    if (expiresAt !== null && this.#options.clock.now() >= expiresAt) throw unauthenticated('The key has expired.');
    entry.used = true;
    return entry;
  }

  #find(id: string): Entry | undefined {
    return this.#entries.get(id) ?? (this.#own?.key.id === id ? this.#own : undefined);
  }

  #limit({bucket, rate, principal}: Entry): void {
    if (bucket === null || rate === null) return;
    const wait = takeToken(bucket, rate, this.#options.monotonicMs());
    if (wait > 0) throw new RateLimited(`The key '${principal.name}'`, wait);
  }

  #entryOf(key: KeptKey, kind: Principal['kind']): Entry {
    const rate = key.rate ?? this.#options.rate ?? null;
    const before = this.#entries.get(key.id);
    return {
      principal: Object.freeze({kind, id: key.id, name: key.name}),
      key,
      hash: Buffer.from(key.hash, 'hex'),
      bits: bitsGranted(key.scopes),
      models: key.models && new Set(key.models),
      rate,
      bucket: before?.bucket ?? (rate && fullBucket(rate, this.#options.monotonicMs())),
      used: before?.used ?? false,
    };
  }
}

const SCHEME = 'bearer ';

/** The token of `Authorization: Bearer …`. */
function bearerOf(authorization: string | undefined) {
  if (authorization === undefined || authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return null;
  return parseToken(authorization.slice(SCHEME.length).trim());
}

const unauthenticated = (message: string): MillraceError =>
  new MillraceError('UNAUTHENTICATED', message, {
    fix: 'Send Authorization: Bearer <key>; millrace takes the key from MILLRACE_KEY. Make one: millrace keys create.',
  });

function forbidden({principal, bits}: Entry, scopes: readonly Scope[]): MillraceError {
  const has = SCOPES.filter((_, i) => (bits & (1 << i)) !== 0);
  return new MillraceError(
    'FORBIDDEN',
    `The key '${principal.name}' is for ${has.join(', ')}; this needs ${scopes.join(' or ')}.`,
    {fix: `Use a key with the scope ${scopes.join(' or ')}.`},
  );
}

/** A key for some models may not ask about others, nor use them where the request does not say which. */
function checkModel({principal, models}: Entry, scopes: readonly Scope[], model: string | undefined): void {
  const served = scopes.every(scope => scope === 'predict' || scope === 'feedback');
  if (model === undefined ? !served : models!.has(model)) return;
  const asked = model === undefined ? 'this request names none' : `not for '${model.slice(0, 100)}'`;
  throw new MillraceError(
    'FORBIDDEN',
    `The key '${principal.name}' is for the models ${[...models!].join(', ')}; ${asked}.`,
    {fix: 'Use a key that is for this model, or for all.'},
  );
}
