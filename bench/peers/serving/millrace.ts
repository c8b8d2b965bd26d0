// `millrace serve` as it is installed, compiled, with the project of this folder: validation, metrics, monitoring and the
// prediction log are on.

import {once} from 'node:events';
import {join, resolve} from 'node:path';
import {end, SERVER_CORE, spawnOn} from '../../load/run.ts';
import {readyProject} from './millrace-project.ts';
import {v2Body, v2Prediction} from './mlserver.ts';
import type {RunningTarget, ServedModel, ServingTarget} from './target.ts';

/** `millrace`, compiled. */
const MAIN = resolve(import.meta.dirname, '../../../src/cli/main.js');

type Served = Omit<RunningTarget, 'url'> & {readonly origin: string};

async function serve({folder}: ServedModel): Promise<Pick<Served, 'origin' | 'pid' | 'ask' | 'stop'>> {
  const {project, data} = await readyProject(folder);
  const places = ['--project', project, '--data', data, '--port', '0', '--threads', '1', '--json'];
  const args = ['--import', join(import.meta.dirname, 'profiled.js'), MAIN, 'serve', ...places];
  const child = spawnOn(SERVER_CORE, process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe', 'ipc']});
  let [out, err] = ['', ''];
  child.stderr!.setEncoding('utf8').on('data', (part: string) => {
    err += part;
  });
  const origin = await new Promise<string>((listening, failed) => {
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      out += part;
      if (out.includes('"url"') && out.endsWith('\n')) listening((JSON.parse(out) as {url: string}).url);
    });
    child.once('exit', code => failed(new Error(`millrace serve ended with ${code}:\n${err}`)));
  });
  return {
    origin,
    pid: child.pid!,
    ask: async message => {
      const answered = once(child, 'message');
      child.send(message);
      return (await answered)[0] as unknown;
    },
    stop: () => end(child),
  };
}

const ownPrediction = (answer: unknown): number =>
  (answer as {predictions: {prediction: number}[]}).predictions[0]!.prediction;

const instances = (row: readonly number[]) => [Object.fromEntries(row.map((value, f) => [`f${f}`, value]))];

/** LightGBM's trees behind a feature set of 28 features; the answer repeats them. */
export const millraceFeatures: ServingTarget = {
  name: 'Millrace, own API, features in the answer',
  start: async model => {
    const {origin, ...server} = await serve(model);
    return {
      ...server,
      url: `${origin}/v1/models/scored/predict`,
      body: row => JSON.stringify({instances: instances(row)}),
      prediction: ownPrediction,
    };
  },
};

/** The same, answering with the prediction and where it comes from, as the others do. */
export const millrace: ServingTarget = {
  name: 'Millrace, own API',
  start: async model => {
    const {origin, ...server} = await serve(model);
    return {
      ...server,
      url: `${origin}/v1/models/scored/predict`,
      body: row => JSON.stringify({instances: instances(row), features: false}),
      prediction: ownPrediction,
    };
  },
};

/** The ONNX file as an imported model, in the V2 protocol. */
export const millraceV2: ServingTarget = {
  name: 'Millrace, V2 protocol',
  start: async model => {
    const {origin, ...server} = await serve(model);
    return {...server, url: `${origin}/v2/models/imported/infer`, body: v2Body, prediction: v2Prediction};
  },
};

/** The ONNX file as an imported model, over MLflow's scoring. */
export const millraceInvocations: ServingTarget = {
  name: 'Millrace, MLflow protocol',
  start: async model => {
    const {origin, ...server} = await serve(model);
    return {
      ...server,
      url: `${origin}/models/imported/invocations`,
      body: row => JSON.stringify({inputs: [row]}),
      prediction: answer => (answer as {predictions: {probabilities: number[]}[]}).predictions[0]!.probabilities[1]!,
    };
  },
};
