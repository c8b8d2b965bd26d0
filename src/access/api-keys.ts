import {
  type ApiKey,
  type ApiKeyRequest,
  type Clock,
  type CreatedApiKey,
  type JsonValue,
  MillraceError,
} from '../protocol/index.ts';
import type {MetadataStore} from '../stores/index.ts';
import {checkedKeyRequest} from './key-request.ts';
import {hashOf, makeToken, type RandomBytes, tokenText, withoutSecrets} from './key-token.ts';

/** A key as it is kept: with the SHA-256 of its secret (hex), never the secret. */
export type KeptKey = Omit<ApiKey, 'lastUsedAt'> & {readonly hash: string};

const KIND = 'api-key';
const USE = 'api-key-use';
/** One record whose revision rises with every change, so that others see cheaply that there was one. */
const CHANGES = {kind: 'api-key-changes', id: 'all'};
/** Keys ever made; revoked ones stay, for the record. */
const MOST = 10_000;

/** The keys of a project, in its metadata store. Several processes may use the same. */
export class ApiKeys {
  readonly #metadata: MetadataStore;
  readonly #clock: Clock;
  readonly #randomBytes: RandomBytes;

  constructor(metadata: MetadataStore, {clock, randomBytes}: {clock: Clock; randomBytes: RandomBytes}) {
    this.#metadata = metadata;
    this.#clock = clock;
    this.#randomBytes = randomBytes;
  }

  /** Makes a key. Its token is in what this returns and nowhere else. Throws REQUEST_INVALID. */
  async create(request: ApiKeyRequest, by: string): Promise<CreatedApiKey> {
    const now = this.#clock.now();
    const {name, scopes, models, expiresAt, rate} = checkedKeyRequest(request, now);
    if ((await this.kept()).length >= MOST)
      throw new MillraceError('REQUEST_INVALID', `There are ${MOST} keys already, revoked ones included.`, {
        fix: 'Give one key to several programs.',
      });
    const token = makeToken(this.#randomBytes);
    const key: KeptKey = {
      id: token.id,
      name: withoutSecrets(name),
      scopes,
      models: models ?? null,
      rate: rate ?? null,
      createdAt: now,
      createdBy: by,
      expiresAt: expiresAt ?? null,
      revokedAt: null,
      hash: hashOf(token.secret).toString('hex'),
    };
    await this.#write(key, 0);
    return {key: listed(key, null), token: tokenText(token)};
  }

  /** Ends a key for good; one that was revoked stays as it is. Throws RECORD_NOT_FOUND. */
  async revoke(id: string): Promise<ApiKey> {
    const record = await this.#metadata.get(KIND, id);
    if (!record)
      throw new MillraceError('RECORD_NOT_FOUND', `There is no key '${withoutSecrets(id).slice(0, 40)}'.`, {
        fix: 'See them all: millrace keys list.',
      });
    const kept = record.value as unknown as KeptKey;
    const revoked = {...kept, revokedAt: kept.revokedAt ?? this.#clock.now()};
    if (kept.revokedAt === null) await this.#write(revoked, record.revision);
    return listed(revoked, await this.#lastUse(id));
  }

  /** All keys ever made, newest first. */
  async list(): Promise<ApiKey[]> {
    const uses = new Map((await this.#metadata.list(USE, {limit: MOST})).map(({id, at}) => [id, at]));
    return (await this.kept()).reverse().map(key => listed(key, uses.get(key.id) ?? null));
  }

  /** The same with their hashes, oldest first. */
  async kept(): Promise<KeptKey[]> {
    return (await this.#metadata.list(KIND, {limit: MOST})).map(({value}) => value as unknown as KeptKey);
  }

  /** A number that is another one after every change by any process; 0 before the first. */
  async changes(): Promise<number> {
    return (await this.#metadata.get(CHANGES.kind, CHANGES.id))?.revision ?? 0;
  }

  /** Notes that these were used by now. */
  async noteUse(ids: readonly string[]): Promise<void> {
    const at = Math.floor(this.#clock.now() / 60_000) * 60_000;
    await this.#metadata.write(ids.map(id => ({kind: USE, id, at, value: null})));
  }

  async #lastUse(id: string): Promise<number | null> {
    return (await this.#metadata.get(USE, id))?.at ?? null;
  }

  async #write(key: KeptKey, expected: number): Promise<void> {
    await this.#metadata.write([
      {kind: KIND, id: key.id, at: key.createdAt, value: key as unknown as JsonValue, expected},
      {...CHANGES, at: this.#clock.now(), value: null},
    ]);
  }
}

const listed = ({hash: _, ...key}: KeptKey, lastUsedAt: number | null): ApiKey => ({...key, lastUsedAt});
