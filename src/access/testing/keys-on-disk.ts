// Keys in a real, throw-away store, with clocks that are moved by hand.
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ManualClock, type RateLimit, type Scope} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';
import {AccessGate} from '../access-gate.ts';
import {ApiKeys} from '../api-keys.ts';

export const NOW = Date.UTC(2026, 0, 5, 12);

export type Fixture = {
  readonly file: string;
  readonly metadata: MetadataStore;
  readonly clock: ManualClock;
  readonly keys: ApiKeys;
  close(): Promise<void>;
};

export async function accessFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  const file = join(folder, 'metadata.db');
  const metadata = await openLibsql(file);
  const clock = new ManualClock(NOW);
  return {
    file,
    metadata,
    clock,
    keys: new ApiKeys(metadata, {clock, randomBytes}),
    close: async () => {
      await metadata.close();
      rmSync(folder, {recursive: true});
    },
  };
}

/** A gate that knows the keys of the fixture, and the hands of its monotonic clock. */
export async function gateOf({keys, clock}: Fixture, rate?: RateLimit) {
  const hands = {ms: 0};
  const gate = new AccessGate({clock, monotonicMs: () => hands.ms, ...(rate ? {rate} : {})});
  gate.use(await keys.kept());
  return {gate, hands};
}

/** The code of what is thrown; `ok` when nothing is. */
export const outcome = (gate: AccessGate, token: string, scopes: readonly Scope[] = ['predict'], model?: string) => {
  try {
    gate.admit({authorization: `Bearer ${token}`, scopes, model});
    return 'ok';
  } catch (error) {
    return (error as {code: string}).code;
  }
};
