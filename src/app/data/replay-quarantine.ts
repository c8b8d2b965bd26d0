import {replayQuarantine} from '../../events/index.ts';
import {MillraceError, type QuarantineReplay} from '../../protocol/index.ts';
import {whoTypes} from '../access/who.ts';
import type {LivePlatform} from '../live/live-platform.ts';
import {findSource} from '../project/project.ts';
import type {Runtime} from '../runtime/runtime.ts';

/** Replays that run, by the runtime that they run on. */
const running = new WeakSet<Runtime>();

/**
 * Pushes the waiting rows of a stream (of all without a name) again, and shows what gets in to the live features. Throws
 * STREAM_UNKNOWN, CHECK_STOPPED, and STORE_CONFLICT while another replay runs. `who`: for the audit log.
 */
export async function replayWaiting(
  runtime: Runtime,
  name?: string,
  platform: LivePlatform | null = null,
  who: string = whoTypes(),
): Promise<QuarantineReplay> {
  const {project, quarantine, gate, clock, audit} = runtime;
  const stream = name === undefined ? undefined : findSource(project, name).name;
  if (running.has(runtime))
    throw new MillraceError('STORE_CONFLICT', 'A replay of the quarantine is running.', {fix: 'Wait for it to end.'});
  running.add(runtime);
  try {
    return await audit.during(
      {who, action: 'quarantine.replay', what: stream ?? 'all streams'},
      () => replayQuarantine({quarantine, gate, ...(stream === undefined ? {} : {stream})}),
      counts => ({...counts}),
    );
  } finally {
    running.delete(runtime);
    await platform?.events.catchUp(clock.now());
  }
}
