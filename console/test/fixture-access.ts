/** Fixture: invented keys and changes. What is made or revoked lasts as long as the server. */
import type {
  ApiKey,
  ApiKeyList,
  ApiKeyRequest,
  AuditEntry,
  AuditPage,
  CreatedApiKey,
} from '../../src/protocol/index.ts';
import {MillraceError} from '../../src/protocol/index.ts';

const DAY = 86_400_000;
const MADE = Date.UTC(2026, 9, 1, 9);

export const FIXTURE_TOKEN = `mrk_00000000000000aa_${'A'.repeat(43)}`;

const key = (id: number, name: string, change: Partial<ApiKey>): ApiKey => ({
  id: id.toString(16).padStart(16, '0'),
  name,
  scopes: ['predict'],
  models: null,
  rate: null,
  createdAt: MADE + id * DAY,
  createdBy: 'user ada',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: MADE + 40 * DAY,
  ...change,
});

export class FixtureAccess {
  #keys: readonly ApiKey[];
  #entries: readonly AuditEntry[];
  readonly #locked: boolean;

  constructor({empty, locked}: {empty: boolean; locked: boolean}) {
    this.#locked = locked;
    this.#keys = empty
      ? []
      : [
          key(3, 'checkout', {scopes: ['predict', 'feedback'], models: ['late'], rate: {perSecond: 200, burst: 400}}),
          key(2, 'loader', {scopes: ['events'], expiresAt: MADE + 20 * DAY}),
          key(1, 'ops', {scopes: ['admin']}),
        ];
    this.#entries = empty ? [] : Array.from({length: 120}, (_, i) => entry(120 - i));
  }

  /** Throws UNAUTHENTICATED without the fixture's token, where one is asked for. */
  check(authorization: string | undefined): void {
    if (this.#locked && authorization !== `Bearer ${FIXTURE_TOKEN}`)
      throw new MillraceError(
        'UNAUTHENTICATED',
        authorization ? 'The key is not one of this server.' : 'The request has no key.',
        {
          fix: 'Send Authorization: Bearer <key>.',
        },
      );
  }

  list(): ApiKeyList {
    return {required: this.#keys.length > 0, keys: this.#keys};
  }

  create(request: ApiKeyRequest): CreatedApiKey {
    const {name, scopes, models, expiresAt, rate} = request;
    if (name === 'nobody')
      throw new MillraceError('REQUEST_INVALID', 'No key was made: the name is nobody.', {
        problems: [{path: 'name', message: 'The name is nobody.', fix: 'Give it another.'}],
      });
    const made = key(170, name, {scopes, models: models ?? null, expiresAt: expiresAt ?? null, rate: rate ?? null});
    this.#keys = [{...made, lastUsedAt: null}, ...this.#keys];
    return {key: made, token: FIXTURE_TOKEN};
  }

  revoke(id: string): ApiKey | undefined {
    this.#keys = this.#keys.map(each => (each.id === id ? {...each, revokedAt: MADE + 41 * DAY} : each));
    return this.#keys.find(each => each.id === id);
  }

  audit(limit: number, before: string | null): AuditPage {
    const from = before === null ? 0 : this.#entries.findIndex(({id}) => id === before) + 1;
    const entries = this.#entries.slice(from, from + limit);
    return {entries, next: from + limit < this.#entries.length ? entries.at(-1)!.id : null};
  }
}

const entry = (i: number): AuditEntry => ({
  id: `${i}`,
  at: MADE + i * 6 * 3_600_000,
  who: i % 3 === 0 ? 'the policy' : i % 3 === 1 ? 'user ada' : 'key ops (0000000000000001)',
  action: i % 5 === 0 ? 'retrain.start' : i % 5 === 1 ? 'version.deploy' : 'quarantine.replay',
  what: i % 5 < 2 ? `late v${i}` : 'arrivals',
  detail: i % 5 < 2 ? {reason: `change ${i}`} : {accepted: i, refused: 0},
  outcome: i % 17 === 0 ? 'failed' : 'done',
});
