// The project of this folder in one of its own, with a version of its model that holds LightGBM's trees.
import {copyFileSync, readFileSync, symlinkSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {buildVersion, findModel, ingestHistory, loadProject} from '../../../src/app/index.ts';
import {encodeArtifact, type ModelSpec} from '../../../src/models/index.ts';
import {ManualClock} from '../../../src/protocol/index.ts';
import {open, throwAwayFolder} from '../../harness/flights.ts';
import {FEATURES} from './target.ts';
import {forestOfTrees} from './trees.ts';

/** The time of the first row in `make_model.py`, and a time after the last one. */
const FROM = 1_700_000_000_000;
const UNTIL = FROM + 10 * 86_400_000;

export type ReadyProject = {
  /** Folder of the project file. */
  readonly project: string;
  /** Folder of its data, where a version is deployed. */
  readonly data: string;
};

/**
 * Trains a version as any project does, registers LightGBM's trees beside it with the same record and profile, and
 * deploys these. `source`: what `make_model.py` wrote.
 */
export async function readyProject(source: string): Promise<ReadyProject> {
  const [folder, data] = [throwAwayFolder(), throwAwayFolder()];
  for (const name of ['rows.jsonl', 'outcomes.jsonl']) symlinkSync(join(source, name), join(folder, name));
  copyFileSync(join(source, 'model.onnx'), join(folder, 'model.onnx'));
  copyFileSync(resolve('bench/peers/serving/project/millrace.ts'), join(folder, 'millrace.ts'));
  const project = await loadProject(folder);
  const runtime = await open(project, data, new ManualClock(UNTIL));
  await ingestHistory(runtime, project.sources, {until: UNTIL});
  const definition = findModel(project);
  const options = {from: FROM, asOf: UNTIL, createdAt: UNTIL, retrain: null, warmStart: false};
  const {version: number, status: _, artifact: __, ...record} = await buildVersion(runtime, definition, options);
  const bytes = encodeArtifact(SPEC, forestOfTrees(JSON.parse(readFileSync(join(source, 'trees.json'), 'utf8'))));
  const {version} = await runtime.registry.register({...record, bytes, onnx: null});
  const profile = await runtime.objects.get(`profiles/${record.model}/${number}.json`);
  await runtime.objects.put(`profiles/${record.model}/${version}.json`, profile!);
  await runtime.registry.promote(record.model, version, {at: UNTIL, reason: 'For the benchmark.'});
  await runtime.close();
  return {project: folder, data};
}

export const SPEC: ModelSpec = {
  format: 1,
  kind: 'trees',
  task: 'binary',
  features: Array.from({length: FEATURES}, (_, f) => ({name: `x${f}`, kind: 'numeric'})),
  trainer: {kind: 'lightgbm', version: 1, parameters: {}},
  training: {rows: 50_000, validationRows: 0, seed: 1, iterations: 100, parent: null},
  checks: {rows: [], predictions: []},
};
