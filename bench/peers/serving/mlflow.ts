import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {freePort} from '../redis-server.ts';
import {startPython} from './python-target.ts';
import type {ServingTarget} from './target.ts';

/**
 * MLflow's scoring server as `mlflow models serve --env-manager local` starts it: uvicorn with its app, the model's folder
 * in the environment. The command's own process, which only waits, is left out, and so is the access log.
 */
export const mlflow: ServingTarget = {
  name: 'MLflow, ONNX Runtime',
  start: async ({folder}) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = await startPython({
      environment: '.venv-serving',
      program: 'uvicorn',
      args: ['--host', '127.0.0.1', '--port', String(port), '--no-access-log', 'mlflow.pyfunc.scoring_server.app:app'],
      env: {__pyfunc_model_path__: pathToFileURL(join(folder, 'mlflow')).href},
      ready: `${url}/ping`,
    });
    return {
      ...server,
      url: `${url}/invocations`,
      body: row => JSON.stringify({inputs: [row]}),
      prediction: answer => (answer as {predictions: {probabilities: number[][]}}).predictions.probabilities[0]![1]!,
    };
  },
};
