import {randomBytes} from 'node:crypto';
import {
  AccessGate,
  type AccessRequest,
  type ApiKeys,
  type AuditLog,
  hashOf,
  makeToken,
  type Principal,
  tokenText,
} from '../../access/index.ts';
import {
  type ApiKey,
  type ApiKeyList,
  type ApiKeyRequest,
  type Clock,
  type CreatedApiKey,
  MillraceError,
  type RateLimit,
  wallClock,
} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {accessRecords} from './access-records.ts';

export type AccessOptions = {
  /** Every request needs a key, also while there is none. Otherwise only once a key was made. */
  readonly auth?: boolean;
  /** Of each client without a rate of its own: a key, or an address. */
  readonly rate?: RateLimit;
  readonly clock?: Clock;
  readonly monotonicMs?: () => number;
  /** Told when this process has made or ended a key; it waits for that. */
  readonly onChange?: () => Promise<void>;
  /** Told when the keys cannot be read; those known before stay in force. */
  readonly onProblem?: (error: unknown) => void;
};

/** Changes made by other processes are noticed after at most this long. */
const POLL_MS = 1_000;
const NOTE_USE_MS = 60_000;

/**
 * Who may ask a server for what. Requests are judged from memory; keys that another process makes or revokes are
 * noticed within a second, a new one by its first request. Once a key was made, requests need one, for ever: revoking
 * the last one closes the door and does not open it.
 */
export class Access {
  readonly keys: ApiKeys;
  readonly audit: AuditLog;
  readonly #gate: AccessGate;
  readonly #options: AccessOptions;
  readonly #ownToken = makeToken(randomBytes);
  readonly #timers: NodeJS.Timeout[] = [];
  #known = -1;
  #reading: Promise<void> | null = null;

  constructor(metadata: MetadataStore, options: AccessOptions = {}) {
    const {clock = wallClock, monotonicMs = () => performance.now(), rate} = options;
    this.#options = options;
    const {keys, audit} = accessRecords(metadata, clock);
    this.keys = keys;
    this.audit = audit;
    this.#gate = new AccessGate({clock, monotonicMs, ...(rate ? {rate} : {})});
    this.#gate.trust({
      id: this.#ownToken.id,
      name: 'this process',
      scopes: ['admin'],
      models: null,
      rate: null,
      createdAt: clock.now(),
      createdBy: 'this process',
      expiresAt: null,
      revokedAt: null,
      hash: hashOf(this.#ownToken.secret).toString('hex'),
    });
  }

  /** Reads the keys, and keeps up with them until closed. */
  async open(): Promise<void> {
    await this.#read();
    const {onProblem = (error: unknown) => console.error('The keys could not be read:', error)} = this.#options;
    this.#timers.push(
      setInterval(() => this.#read().catch(onProblem), POLL_MS).unref(),
      setInterval(() => this.#noteUse().catch(onProblem), NOTE_USE_MS).unref(),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#reading;
    await this.#noteUse();
  }

  /** Whether requests need a key. */
  get required(): boolean {
    return this.#options.auth === true || this.#gate.size > 0;
  }

  /** The header with which this process may ask itself. It is kept nowhere and ends with the process. */
  get ownAuthorization(): string {
    return `Bearer ${tokenText(this.#ownToken)}`;
  }

  /** Who asks, if they may: at once, but for a key that was never seen. Throws as `AccessGate`. */
  admit(request: AccessRequest, address: string, wanted?: number): Principal | Promise<Principal> {
    if (this.#known < 0) return this.#read().then(() => this.#judge(request, address, wanted));
    try {
      return this.#judge(request, address, wanted);
    } catch (error) {
      const unknown = error instanceof MillraceError && error.code === 'UNAUTHENTICATED';
      if (!unknown || !this.#gate.isNews(request.authorization)) throw error;
      return this.#read().then(() => this.#judge(request, address, wanted));
    }
  }

  /**
   * Makes a key. Throws REQUEST_INVALID; also for a first key that is no admin's, asked for by somebody who needed no
   * key: they could not undo it.
   */
  async create(request: ApiKeyRequest, by: Principal, who: string): Promise<CreatedApiKey> {
    if (by.kind === 'open' && !request.scopes?.includes('admin'))
      throw new MillraceError(
        'REQUEST_INVALID',
        'The first key must be an admin key: from then on, requests need one.',
        {
          fix: 'Make a key with the scope admin first, or run millrace keys create on the machine of the data.',
        },
      );
    const made = await createKey(this, request, who);
    await this.refresh();
    await this.#options.onChange?.();
    return made;
  }

  /** Ends a key at once. Throws RECORD_NOT_FOUND. */
  async revoke(id: string, who: string): Promise<ApiKey> {
    const revoked = await revokeKey(this, id, who);
    await this.refresh();
    await this.#options.onChange?.();
    return revoked;
  }

  /** Reads the keys if they have changed; it does so by itself every second. */
  async refresh(): Promise<void> {
    await this.#read();
  }

  /** Whether the requests of a header are counted because its key has a rate. */
  isLimited(authorization: string | undefined): boolean {
    return this.#gate.isLimited(authorization);
  }

  async list(): Promise<ApiKeyList> {
    await this.#noteUse();
    return {required: this.required, keys: await this.keys.list()};
  }

  #judge(request: AccessRequest, address: string, wanted?: number): Principal {
    return this.required ? this.#gate.admit(request, wanted) : this.#gate.admitAnyone(address);
  }

  /** Reads the keys if they have changed. Calls during one wait for it. */
  async #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #readNow(): Promise<void> {
    const changes = await this.keys.changes();
    if (changes === this.#known) return;
    this.#gate.use(await this.keys.kept());
    this.#known = changes;
  }

  async #noteUse(): Promise<void> {
    const used = this.#gate.takeUsed();
    if (used.length > 0) await this.keys.noteUse(used);
  }
}

type Records = {readonly keys: ApiKeys; readonly audit: AuditLog};

/** Makes a key and keeps who did it. Throws REQUEST_INVALID. */
export function createKey({keys, audit}: Records, request: ApiKeyRequest, who: string): Promise<CreatedApiKey> {
  const {name, scopes} = request;
  const change = {who, action: 'key.create', what: `${name}`, detail: {scopes: [...(scopes ?? [])]}} as const;
  return audit.during(
    change,
    () => keys.create(request, who),
    ({key: {id, models, rate, expiresAt}}) => ({
      id,
      models: models && [...models],
      rate,
      expires: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    }),
  );
}

/** Ends a key and keeps who did it. Throws RECORD_NOT_FOUND. */
export function revokeKey({keys, audit}: Records, id: string, who: string): Promise<ApiKey> {
  return audit.during(
    {who, action: 'key.revoke', what: id.slice(0, 60)},
    () => keys.revoke(id),
    ({name}) => ({name}),
  );
}
