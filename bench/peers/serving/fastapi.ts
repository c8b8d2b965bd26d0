import {join} from 'node:path';
import {freePort} from '../redis-server.ts';
import {startPython} from './python-target.ts';
import type {ServingTarget} from './target.ts';

/** `fastapi_app.py` under one uvicorn with its fast loop and parser, without its access log. */
export const fastapi: ServingTarget = {
  name: 'FastAPI, ONNX Runtime',
  start: async ({folder}) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const fast = ['--loop', 'uvloop', '--http', 'httptools', '--no-access-log', '--log-level', 'warning'];
    const server = await startPython({
      environment: '.venv-serving',
      program: 'uvicorn',
      args: ['fastapi_app:app', '--host', '127.0.0.1', '--port', String(port), ...fast],
      env: {MODEL: join(folder, 'model.onnx')},
      ready: `${url}/health`,
    });
    return {
      ...server,
      url: `${url}/predict`,
      body: features => JSON.stringify({features}),
      prediction: answer => (answer as {prediction: number}).prediction,
    };
  },
};
