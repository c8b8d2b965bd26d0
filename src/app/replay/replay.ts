import {setImmediate as breathe} from 'node:timers/promises';
import {windowOf} from '../../monitoring/index.ts';
import type {ColumnData, Columns, ManualClock, PositionedBatch, Value} from '../../protocol/index.ts';
import type {RequestFields} from '../../serving/index.ts';
import type {LiveModel} from '../live/live-model.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {sourceFolder} from '../runtime/history.ts';
import {timeline} from './timeline.ts';

export type ReplayOptions = {
  readonly clock: ManualClock;
  /** Event time of the first event replayed (UTC ms). */
  readonly from: number;
  /** Every so many predictions go through the server: body of a request in, nothing out. 0: none. */
  readonly httpEvery: number;
  readonly overHttp?: (model: string, instance: Readonly<Record<string, Value>>) => Promise<void>;
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal;
};

export type ReplayProgress = {
  readonly clock: number;
  readonly predictions: number;
  readonly overHttp: number;
  readonly landed: number;
};

/** On the simulated clock: what is due is done on the hour. */
const TICK_MS = 3_600_000;
/** By the wall: so often the server may answer, and a stop is heard. */
const BREATHE_MS = 15;
/** On the simulated clock: a run that is cut off reads so much of the log again at most. */
const CHECKPOINT_MS = 7 * 86_400_000;

/**
 * Lives through the rest of a history as if it came in now: each decision event is pushed and predicted as of
 * its time, each other event is pushed and updates features and labels, and whatever is due on the clock is
 * done on the hour. Everything but the source of events is what a server runs.
 */
export async function replay(platform: LivePlatform, options: ReplayOptions): Promise<ReplayProgress> {
  const {clock, from, httpEvery, overHttp, onProgress, signal} = options;
  const {runtime, events} = platform;
  const {project, gate, sql} = runtime;
  let predictions = 0;
  let http = 0;
  let landed = 0;
  let lastDecision = from;
  let nextTick = Math.ceil(from / TICK_MS) * TICK_MS;
  let nextCheckpoint = from + CHECKPOINT_MS;
  let breathed = performance.now();
  const nextDue = () => Math.min(nextTick, platform.refreshed.due);
  const progress = (): ReplayProgress => ({clock: clock.now(), predictions, overHttp: http, landed});

  for await (const {stream, time, columns} of timeline(
    project.sources.filter(s => s.from?.kind === 'file'),
    sql,
    {folder: sourceFolder(project, runtime.folder), from},
  )) {
    // Cuts are made at their instant: before it has passed nobody reads them, and after it somebody may.
    for (let due = nextDue(); due <= time; due = nextDue()) {
      clock.advanceTo(due);
      await events.take(null, due);
      if (due < nextTick) await platform.refreshed.tick(due);
      else {
        await platform.tick();
        nextTick += TICK_MS;
        onProgress?.(progress());
      }
    }
    clock.advanceTo(time);
    const {batch} = await gate.pushColumns(stream, columns, {arrival: 'live'});
    await events.take(batch, time);
    if (batch)
      for (const model of platform.models) {
        if (model.definition.decisions.name !== stream) continue;
        for (let row = 0; row < batch.count; row++) {
          const request = requestAt(model, batch, row);
          if (httpEvery > 0 && overHttp && predictions % httpEvery === httpEvery - 1) {
            await overHttp(model.definition.name, {...request, id: batch.ids[row]!});
            http++;
          } else model.shadow(model.predict(request, batch.ids[row]!));
          predictions++;
          lastDecision = time;
        }
        await runtime.predictions.drained();
      }
    if (platform.models.every(model => model.definition.decisions.name !== stream)) landed += columns.count;
    if (time >= nextCheckpoint) {
      await platform.checkpoint();
      nextCheckpoint = time + CHECKPOINT_MS;
    }
    if (performance.now() - breathed > BREATHE_MS) {
      await breathe();
      signal?.throwIfAborted();
      breathed = performance.now();
    }
  }
  await finish(platform, clock, nextTick, lastDecision);
  onProgress?.(progress());
  return progress();
}

/** Closes the last window and lets its labels come to their end, so that it is scored too. */
async function finish(
  platform: LivePlatform,
  clock: ManualClock,
  nextTick: number,
  lastDecision: number,
): Promise<void> {
  for (const model of platform.models) model.watch.sourceEnded();
  const ends = platform.models.map(
    ({definition: {monitor, label}}) => windowOf(lastDecision, monitor).to + label.withinMs,
  );
  for (let tick = nextTick; tick < Math.max(...ends) + TICK_MS; tick += TICK_MS) {
    clock.advanceTo(tick);
    await platform.events.take(null, tick);
    await platform.tick();
  }
  await platform.checkpoint();
}

const fieldAt = (column: ColumnData, row: number): Value => {
  const value = column[row] ?? null;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
};

function requestAt({definition}: LiveModel, batch: PositionedBatch | Columns, row: number): RequestFields {
  const request: Record<string, Value> = {};
  for (const field of Object.keys(definition.features.request)) request[field] = fieldAt(batch.columns[field]!, row);
  return request;
}
