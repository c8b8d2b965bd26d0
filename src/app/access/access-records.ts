import {randomBytes, randomUUID} from 'node:crypto';
import {join} from 'node:path';
import {ApiKeys, AuditLog} from '../../access/index.ts';
import {type Clock, wallClock} from '../../protocol/index.ts';
import type {MetadataStore} from '../../stores/index.ts';
import {openLibsql} from '../../stores/libsql/index.ts';

/** Keys and audit log of a project, without the rest of it. */
export type AccessRecords = {readonly keys: ApiKeys; readonly audit: AuditLog; close(): Promise<void>};

/** By the wall's clock unless told: keys end and people act in real time, also where a replay has its own. */
export function accessRecords(metadata: MetadataStore, clock: Clock = wallClock): Omit<AccessRecords, 'close'> {
  return {
    keys: new ApiKeys(metadata, {clock, randomBytes}),
    audit: new AuditLog(metadata, {clock, newId: () => randomUUID().slice(0, 13)}),
  };
}

/** Opens them in the data folder of a project, also while a server has it open. */
export async function openAccessRecords(folder: string): Promise<AccessRecords> {
  const metadata = await openLibsql(join(folder, 'metadata.db'));
  return {...accessRecords(metadata), close: () => metadata.close()};
}
