// The entry of every training thread.
import {parentPort, workerData} from 'node:worker_threads';
import {type LinearJob, startLinearThread} from '../linear/linear-thread.ts';
import {startTreeThread, type TreeJob} from '../trees/tree-thread.ts';
import type {ThreadStart} from './run-threads.ts';

const start = workerData as ThreadStart<TreeJob | LinearJob>;
const post = (message: unknown) => parentPort!.postMessage(message);

if (start.job.kind === 'trees') startTreeThread(start as ThreadStart<TreeJob>, post);
else startLinearThread(start as ThreadStart<LinearJob>, post);
