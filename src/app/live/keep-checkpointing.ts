import {setInterval as every} from 'node:timers/promises';
import {MillraceError} from '../../protocol/index.ts';
import type {LivePlatform} from './live-platform.ts';

/** Keeps the live state every so often while it changes, for those who read it elsewhere, until `signal`. */
export async function keepCheckpointing(platform: LivePlatform, everyMs: number, signal: AbortSignal): Promise<void> {
  const {executor} = platform.events;
  /** Position of the last checkpoint that showed all there was. */
  let kept = Number.NaN;
  try {
    for await (const _ of every(everyMs, undefined, {signal, ref: false})) {
      const {position, held} = executor;
      if (position === kept) continue;
      const isAll = held.length === 0 && platform.filling.length === 0;
      try {
        await platform.checkpoint();
        kept = isAll ? position : Number.NaN;
      } catch (error) {
        // Whoever ticks tries again too, and tells of it.
        if (!(error instanceof MillraceError)) throw error;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
