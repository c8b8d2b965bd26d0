// Millrace's feature server that holds nothing: it reads packed states from Redis, written before by this process as
// `millrace serve --copy-to` writes them.
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {collectProject, FeatureReplica, LivePlatform, openFeatureCopy, openRuntime} from '../../../src/app/index.ts';
import {buildFeatureServer} from '../../../src/server/index.ts';
import type {CopiedStore} from '../../../src/stores/index.ts';
import {facts, NOW, rows, sets} from './definitions.ts';

const environment = {REDIS: `redis://127.0.0.1:${process.argv[2]}`};
const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-features-'));
const project = collectProject('bench', folder, {facts, ...Object.fromEntries(sets.map(set => [set.name, set]))});
const clock = {now: () => NOW};
const copy = await openFeatureCopy('bench', 'REDIS', environment);
const runtime = await openRuntime(project, {folder, clock, threads: 1, durability: 'process', copy});
for (const batch of rows()) await runtime.log.append(batch);
const platform = await LivePlatform.open(runtime, {training: 'poll'});
await platform.checkpoint();
await (runtime.online as CopiedStore).even();
await runtime.close();

const started = performance.now();
const now = {now: () => NOW + Math.floor(performance.now() - started)};
const store = await openFeatureCopy('bench', 'REDIS', environment);
const server = buildFeatureServer(new FeatureReplica(sets, store, now));
process.send!({folder, url: await server.listen({port: 0, host: '127.0.0.1'})});
process.on('message', async () => {
  await server.close();
  await store.close();
  process.exit(0);
});
