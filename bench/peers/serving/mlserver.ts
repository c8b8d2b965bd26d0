import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {freePort} from '../redis-server.ts';
import {startPython} from './python-target.ts';
import {FEATURES, type ServingTarget} from './target.ts';

/** MLServer in one process (`parallel_workers` 0: on one core another only adds queues), asked in the V2 protocol. */
const mlserver = (name: string, implementation: string, file: string): ServingTarget => ({
  name,
  start: async ({folder}) => {
    const models = mkdtempSync(join(tmpdir(), 'millrace-bench-mlserver-'));
    const port = await freePort();
    const settings = {
      host: '127.0.0.1',
      http_port: port,
      grpc_port: await freePort(),
      metrics_port: await freePort(),
      parallel_workers: 0,
      debug: false,
    };
    writeFileSync(join(models, 'settings.json'), JSON.stringify(settings));
    mkdirSync(join(models, 'bench'));
    const parameters = {uri: join(folder, file)};
    writeFileSync(
      join(models, 'bench/model-settings.json'),
      JSON.stringify({name: 'bench', implementation, parameters}),
    );
    const url = `http://127.0.0.1:${port}/v2/models/bench`;
    const server = await startPython({
      environment: '.venv-mlserver',
      program: 'mlserver',
      args: ['start', models],
      cwd: models,
      ready: `${url}/ready`,
    });
    return {
      pid: server.pid,
      url: `${url}/infer`,
      body: v2Body,
      prediction: v2Prediction,
      stop: async () => {
        await server.stop();
        rmSync(models, {recursive: true, force: true});
      },
    };
  },
});

/** One row as a tensor of the Open Inference Protocol. */
export const v2Body = (row: readonly number[]): string =>
  JSON.stringify({inputs: [{name: 'x', shape: [1, FEATURES], datatype: 'FP32', data: row}]});

/** The last number of the last output: one output holds the probability, or the last of two holds both. */
export function v2Prediction(answer: unknown): number {
  const {outputs} = answer as {outputs: {data: number[]}[]};
  return outputs.at(-1)!.data.at(-1)!;
}

/** MLServer brings no runtime for ONNX: `mlserver_onnx.py` is one. */
export const mlserverOnnx = mlserver('MLServer, ONNX Runtime', 'mlserver_onnx.OnnxModel', 'model.onnx');
/** Its own runtime for LightGBM, on the same trees. */
export const mlserverLightGbm = mlserver('MLServer, LightGBM', 'mlserver_lightgbm.LightGBMModel', 'model.bst');
