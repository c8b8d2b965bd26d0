import {positionAt} from '../../protocol/index.ts';
import type {EventLog} from '../../stores/index.ts';
import {endOf} from '../checks/fold.ts';
import {cut, fitted} from '../columns.ts';
import type {StreamCheckpoint} from './checkpoint.ts';
import type {StreamGate} from './stream-gate.ts';

/** Reads one stream of the log: what is remembered from before a checkpoint, and all counts from it on. */
export async function recover(
  stream: StreamGate,
  log: EventLog,
  known: StreamCheckpoint | undefined,
  position: number,
): Promise<void> {
  const {name, schema} = stream.source;
  const countsFrom = known ? position : 0;
  const checksFrom = known ? stream.loadChecks(known.checks ?? {}, position) : 0;
  const from = Math.min(known?.idsFrom ?? 0, checksFrom, countsFrom);
  for await (const batch of log.read({stream: name, from})) {
    let latest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < batch.count; i++) latest = Math.max(latest, batch.arrivalTimes[i]!);
    stream.ids.advance(latest, batch.position);
    for (const id of batch.ids) stream.ids.add(id);
    let before = 0;
    while (before < batch.count && positionAt(batch, before) < countsFrom) before++;
    const whole = fitted(batch, schema);
    if (before > 0) stream.refill(cut(whole, 0, before), positionAt(batch, before - 1) + 1);
    if (before === batch.count) continue;
    const counted = cut(whole, before, batch.count);
    stream.tally.addEvents(counted);
    stream.count(counted, endOf(batch));
  }
}
