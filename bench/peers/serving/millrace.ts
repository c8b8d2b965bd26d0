import {throwAwayFolder} from '../../harness/flights.ts';
import {deployScored} from './millrace-project.ts';
import {startNode} from './node-target.ts';
import type {ServingTarget} from './target.ts';

/** LightGBM's trees in the built-in evaluator, over our own API: validated, counted, watched, logged with all inputs. */
export const millrace: ServingTarget = {
  name: 'Millrace, own API',
  start: async ({folder: source}) => {
    const folder = throwAwayFolder();
    await deployScored(source, folder);
    const {told, ...server} = await startNode<{url: string}>('millrace-server.js', [source, folder]);
    return {
      ...server,
      url: `${told.url}/v1/models/scored/predict`,
      body: row => JSON.stringify({instances: [Object.fromEntries(row.map((value, f) => [`f${f}`, value]))]}),
      prediction: answer => (answer as {predictions: {prediction: number}[]}).predictions[0]!.prediction,
    };
  },
};
