import type {EventLog} from '../../stores/index.ts';
import {recover} from './recover.ts';
import type {StreamGate} from './stream-gate.ts';

/**
 * The gate of a stream as if it had only seen what the log holds now: ids and the states of checks are read again. Its
 * counts stay, as those of what ever came in; examples of values go, since one may be of an event that was erased.
 */
export async function forgetful(stream: StreamGate, log: EventLog): Promise<StreamGate> {
  const seen = stream.fresh();
  await recover(seen, log, undefined, 0);
  const counts = stream.tally.state();
  const tally = {...counts, checks: counts.checks.map(check => ({...check, example: null}))};
  const forgetful = stream.fresh(tally);
  await recover(forgetful, log, {idsFrom: seen.ids.from, tally, checks: seen.saveChecks()}, log.end());
  return forgetful;
}
