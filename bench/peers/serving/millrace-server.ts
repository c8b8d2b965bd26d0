// Millrace with the project of this folder, as `millrace serve` runs it. Arguments: the folder of the model, and the folder
// of the data, where `deployScored` left a version.
import {Host, LivePlatform, openRuntime} from '../../../src/app/index.ts';
import {startServer} from '../../../src/server/index.ts';
import {scoredProject} from './millrace-project.ts';

const TICK_MS = 2_000;

const [source, folder] = process.argv.slice(2) as [string, string];
const runtime = await openRuntime(await scoredProject(source), {folder, threads: 1});
const host = new Host(runtime);
host.platform = await LivePlatform.open(runtime, {training: 'poll', consistency: 'scheduled'});
const server = await startServer(host, {port: 0});
const ticking = setInterval(() => void host.platform!.tick(), TICK_MS);
process.send!({url: server.url});
process.on('message', async () => {
  clearInterval(ticking);
  await server.close();
  await host.platform!.tick();
  await runtime.close();
  process.exit(0);
});
