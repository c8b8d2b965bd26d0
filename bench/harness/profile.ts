// Where the time goes: V8's own sampling profiler, summed up by function.
import {type Profiler, Session} from 'node:inspector/promises';

/** Functions by their own share of the samples, largest first; idle time is left out. */
export type TopFunctions = readonly (readonly [name: string, share: number])[];

/** Starts profiling this process; the result stops it and tells the `limit` functions with most time of their own. */
export async function startProfile(): Promise<(limit: number) => Promise<TopFunctions>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', {interval: 500});
  await session.post('Profiler.start');
  return async limit => {
    const {profile} = await session.post('Profiler.stop');
    session.disconnect();
    return topFunctions(profile, limit);
  };
}

const IDLE = new Set(['(idle)', '(root)']);

function topFunctions({nodes, samples = []}: Profiler.Profile, limit: number): TopFunctions {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const counts = new Map<string, number>();
  let busy = 0;
  for (const id of samples) {
    const {functionName, url, lineNumber} = byId.get(id)!.callFrame;
    if (IDLE.has(functionName)) continue;
    busy++;
    const file = url.replace(/^.*\/(src|bench|node_modules)\//, (_, top: string) => (top === 'src' ? '' : `${top}/`));
    const name = `${functionName || '(anonymous)'}${file ? ` ${file}:${lineNumber + 1}` : ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, limit)
    .map(([name, count]) => [name, count / busy] as const);
}
