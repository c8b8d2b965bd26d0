/** Who may do what, and who did it. Times are UTC milliseconds. */
import type {JsonValue} from '../json.ts';

/** What a key may be for. `admin` includes all the others. */
export const SCOPES = ['predict', 'feedback', 'events', 'read', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** A client may send `burst` requests at once, and regains `perSecond` of them a second. */
export type RateLimit = {readonly perSecond: number; readonly burst: number};

/** An API key as it is listed: all but its secret, which nobody keeps. */
export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The models it is for; null for all of them. */
  readonly models: readonly string[] | null;
  /** Its own limit; null for that of the server. */
  readonly rate: RateLimit | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** To the minute; null if it never was. */
  readonly lastUsedAt: number | null;
};

/** What a new key is to be. */
export type ApiKeyRequest = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly models?: readonly string[];
  readonly expiresAt?: number;
  readonly rate?: RateLimit;
};

/** `token` is what a client sends as `Authorization: Bearer …`. It is in this answer and nowhere else. */
export type CreatedApiKey = {readonly key: ApiKey; readonly token: string};

/** `required`: whether requests need a key. Newest first. */
export type ApiKeyList = {readonly required: boolean; readonly keys: readonly ApiKey[]};

export type AuditAction =
  | 'key.create'
  | 'key.revoke'
  | 'version.deploy'
  | 'retrain.start'
  | 'retrain.promote'
  | 'retrain.reject'
  | 'entity.erase'
  | 'log.truncate'
  | 'quarantine.replay'
  | 'quarantine.discard'
  | 'model.load'
  | 'model.unload'
  | 'incident.acknowledge'
  | 'incident.judge'
  | 'silence.create'
  | 'silence.end'
  | 'channel.test';

/** One change that somebody made, or tried to make. */
export type AuditEntry = {
  readonly id: string;
  readonly at: number;
  /** `key ops (1f2e3d4c5b6a7988)`, `user ada`, `anyone at 127.0.0.1`, or `the policy`. */
  readonly who: string;
  readonly action: AuditAction;
  /** What it was done to, such as `lateness v3`. */
  readonly what: string;
  readonly detail: {readonly [name: string]: JsonValue};
  readonly outcome: 'done' | 'failed';
};

/** Newest first. `next` is what `before` takes to read on; null at the end. */
export type AuditPage = {readonly entries: readonly AuditEntry[]; readonly next: string | null};
