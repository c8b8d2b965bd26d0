import {startNode} from './node-target.ts';
import type {ServingTarget} from './target.ts';

/** The bound: `bare-server.ts`. */
export const bare: ServingTarget = {
  name: 'node:http, a tree walk',
  start: async ({folder}) => {
    const {told, ...server} = await startNode<{url: string}>('bare-server.js', [folder]);
    return {
      ...server,
      url: told.url,
      body: features => JSON.stringify({features}),
      prediction: answer => (answer as {prediction: number}).prediction,
    };
  },
};
