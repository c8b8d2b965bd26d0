import {setInterval as every} from 'node:timers/promises';
import type {PredictionLog} from '../../logs/index.ts';

/** A process that is killed loses the predictions of the last moment: of so long at most. */
const FLUSH_MS = 100;

/** Writes the prediction log every moment, off the path of the answers, until `signal`. */
export async function keepFlushing(predictions: PredictionLog, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of every(FLUSH_MS, undefined, {signal, ref: false}))
      if (predictions.unwritten > 0)
        // What fails is kept, tried again, and told at the next tick, which flushes too.
        await predictions.flush().catch(() => {});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
