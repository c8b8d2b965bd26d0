import {type JsonValue, MillraceError} from '../../protocol/index.ts';
import type {ObjectStore} from '../../stores/index.ts';
import type {TallyState} from './tally.ts';

/**
 * What the gate knows that would be slow or impossible to read from the log again: the counts up to a
 * position, and where in the log the remembered ids begin. What came after it is read from the log and from
 * the quarantine on opening; only duplicates and stopped pushes since then are not counted again.
 */
export type GateCheckpoint = {
  readonly format: 1;
  /** Log position up to which `streams` counts. */
  readonly position: number;
  /** Offset of the quarantine up to which `streams` counts. */
  readonly quarantine: number;
  readonly streams: Readonly<Record<string, StreamCheckpoint>>;
};

export type StreamCheckpoint = {
  readonly idsFrom: number;
  readonly tally: TallyState;
  /** States of the checks about many events, by name; absent in older checkpoints. */
  readonly checks?: Readonly<Record<string, JsonValue>>;
};

const NAME = 'events/gate.json';

export async function loadCheckpoint(objects: ObjectStore): Promise<GateCheckpoint | undefined> {
  const bytes = await objects.get(NAME);
  if (!bytes) return undefined;
  try {
    const checkpoint = JSON.parse(Buffer.from(bytes).toString('utf8')) as GateCheckpoint;
    if (checkpoint.format === 1) return checkpoint;
  } catch (cause) {
    throw new MillraceError('STORE_CORRUPT', `The object ${NAME} is no JSON.`, {
      cause,
      fix: 'Remove it: counts are then read from the log, and those of duplicates and stopped pushes begin at 0.',
    });
  }
  return undefined;
}

export async function saveCheckpoint(objects: ObjectStore, checkpoint: GateCheckpoint): Promise<void> {
  await objects.put(NAME, Buffer.from(JSON.stringify(checkpoint)));
}
