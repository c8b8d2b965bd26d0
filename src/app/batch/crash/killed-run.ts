/**
 * A batch run that kills its own process (SIGKILL) when it has come to a place, or ends.
 * Usage: node --import tsx killed-run.ts <data folder> <out> <requests file> <step>:<number of reports>:<ms after it>
 */
import {couriers, NOW, openAt} from '../batch.fixture.ts';
import {runBatch} from '../run-batch.ts';

const [data, out, path, place] = process.argv.slice(2) as [string, string, string, string];
const [step, number, delay] = place.split(':');

const die = () => process.kill(process.pid, 'SIGKILL');
const seen = new Map<string, number>();
const runtime = await openAt(await couriers(), data, NOW, 2);
await runBatch(runtime, runtime.project.models[0]!, {
  source: {kind: 'file', path},
  out,
  partitionRows: 500,
  features: true,
  toOnline: true,
  onProgress: at => {
    seen.set(at, (seen.get(at) ?? 0) + 1);
    if (at !== step || seen.get(at) !== Number(number)) return;
    if (delay === '0') die();
    else setTimeout(die, Number(delay));
  },
});
await runtime.close();
