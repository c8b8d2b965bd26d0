// Millrace's feature server in a process of its own, on its live state: `millrace serve` without a model.
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {collectProject, Host, LivePlatform, openRuntime} from '../../../src/app/index.ts';
import {startServer} from '../../../src/server/index.ts';
import {facts, NOW, rows, sets} from './definitions.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-features-'));
const project = collectProject('bench', folder, {facts, ...Object.fromEntries(sets.map(set => [set.name, set]))});
const started = performance.now();
const clock = {now: () => NOW + Math.floor(performance.now() - started)};
const runtime = await openRuntime(project, {folder, clock, threads: 1, durability: 'process'});
for (const batch of rows()) await runtime.log.append(batch);
const host = new Host(runtime);
host.platform = await LivePlatform.open(runtime, {training: 'poll'});
await host.platform.checkpoint();
const server = await startServer(host, {port: 0});
process.send!({folder, url: server.url});
process.on('message', async () => {
  await server.close();
  await runtime.close();
  process.exit(0);
});
