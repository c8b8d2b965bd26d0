/** What a consistency run says, in words. */
import type {ConsistencyRun, FeatureSkew} from 'millrace/protocol';
import {count, percent} from '../../format/numbers.ts';
import type {Times} from '../../format/times.ts';
import type {Level} from '../../parts/meaning.tsx';

export const differing = ({mismatches, missing, extra}: FeatureSkew): number => mismatches + missing + extra;

/** `sampled 10 % of keys`. */
export const sampleOf = ({sample}: ConsistencyRun): string =>
  sample === 1 ? 'of all keys' : `sampled ${percent(sample)} of keys`;

/** `12 Apr 2001, 06:00 UTC`. */
export const asOf = (ms: number | null, times: Times): string => `${times.minute(ms)} ${times.zoneName}`;

export function verdictOf(
  newest: ConsistencyRun,
  done: ConsistencyRun | undefined,
  times: Times,
): {level: Level; sentence: string} {
  if (newest.state === 'failed')
    return {
      level: 'watch',
      sentence: `The newest run failed: ${newest.error} ${done ? `The one before it: ${sentenceOf(done, times)}` : ''}`,
    };
  if (!done) return {level: 'unknown', sentence: 'The first run is under way.'};
  if (done.values === 0)
    return {
      level: 'unknown',
      sentence: `Nothing was predicted in the time of the newest run, ${asOf(done.startedAt, times)}.`,
    };
  return {level: done.mismatches === 0 ? 'good' : 'bad', sentence: sentenceOf(done, times)};
}

function sentenceOf(run: ConsistencyRun, times: Times): string {
  const compared = `${count(run.values)} values of ${run.features.length} features compared`;
  const how = `${sampleOf(run)}, as of ${asOf(run.startedAt, times)}`;
  if (run.mismatches === 0) return `No skew: ${compared}, 0 differ, ${how}.`;
  const wrong = run.features.filter(feature => differing(feature) > 0);
  return `Skew: ${compared}, ${count(run.mismatches)} differ, in ${wrong.length === 1 ? wrong[0]?.feature : `${wrong.length} features`}, ${how}.`;
}
