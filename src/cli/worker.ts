// A worker of `millrace serve --workers`: started by the process that leads, told by it what to do, and gone with it.

import {rmSync} from 'node:fs';
import type {Socket} from 'node:net';
import {
  openLog,
  openTracing,
  ReportSender,
  type ToLeader,
  type ToWorker,
  WorkerPlatform,
  type WorkerStart,
} from '../app/index.ts';
import {PRODUCT, startWorkerServer, VERSION, type WorkerServer} from '../server/index.ts';

type Running = {readonly platform: WorkerPlatform; readonly server: WorkerServer};

const tell = (message: ToLeader): void => {
  if (process.connected) process.send!(message);
};
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const report = new ReportSender(done => tell({kind: 'report', report: done}));
let log = openLog({format: 'text', level: 'warn'});
let running: Running | null = null;
let sockets: string | null = null;
/** One thing at a time, in the order in which it was told. */
let doing: Promise<void> = Promise.resolve();

async function begin(start: WorkerStart): Promise<void> {
  sockets = start.sockets;
  log = openLog(start.log);
  const tracing = await openTracing({name: PRODUCT, version: VERSION}, log, process.env);
  const platform = await WorkerPlatform.open(start, report, {log, tracing});
  for (const plan of start.plans)
    await platform
      .use(plan.model, plan)
      .catch(error => tell({kind: 'problem', problem: `A worker cannot answer '${plan.model}': ${messageOf(error)}`}));
  running = {platform, server: await startWorkerServer(platform, start)};
  tell({kind: 'ready'});
}

async function answerCall(call: number, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    tell({kind: 'done', call, problem: null});
  } catch (error) {
    tell({kind: 'done', call, problem: `A worker ${what}: ${messageOf(error)}`});
  }
}

async function drain(): Promise<void> {
  await running?.server.drain();
  await report.drained();
  await running?.platform.close();
  process.exit(0);
}

function fail(error: unknown): never {
  log.error({err: error}, 'A worker failed.');
  process.exit(1);
}

/** Does it after what was told before. */
function next(act: () => Promise<void>): void {
  doing = doing.then(act).catch(fail);
}

process.on('message', (message: ToWorker, socket: Socket | undefined) => {
  switch (message.kind) {
    case 'connection':
      tell({kind: 'taken', id: message.id});
      // A client may be gone before its connection arrives here.
      if (socket && running) running.server.take(socket);
      else socket?.destroy();
      return;
    case 'recorded':
      return report.recorded(message.answers);
    case 'start':
      return next(() => begin(message.start));
    case 'plan': {
      const {call, model, plan} = message;
      return next(() =>
        answerCall(call, `leaves '${model}' to the server`, async () => running?.platform.use(model, plan)),
      );
    }
    case 'keys':
      return next(() => answerCall(message.call, 'knows old keys', async () => running?.platform.access.refresh()));
    case 'drain':
      return next(drain);
  }
});
// It ends when it is told to, or with the process that leads: a terminal's Ctrl-C comes to both at once.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => {
  // Whoever leads was killed, and could not tidy up.
  if (sockets !== null) rmSync(sockets, {recursive: true, force: true});
  process.exit(1);
});
