/** The gRPC server: inference.GRPCInferenceService on a port of its own. Needs the package @grpc/grpc-js. */
import type {Server, ServerCredentials} from '@grpc/grpc-js';
import type {Log, ModelRepository} from '../../app/index.ts';
import {type Clock, MillraceError, wallClock} from '../../protocol/index.ts';
import type {Tls} from '../access/tls.ts';
import {failuresOnly} from '../bare-server.ts';
import {InferenceStatistics} from '../inference/inference-statistics.ts';
import {BODY_LIMIT} from '../inference/raw-bodies.ts';
import {type Authorize, handlersOf} from './handlers.ts';

export type GrpcOptions = {
  /** May throw NOT_READY until there is one. */
  readonly repository: () => ModelRepository;
  /** 0 takes a free one. */
  readonly port: number;
  /** Loopback unless told otherwise: nobody else can connect. */
  readonly hostname?: string;
  /** Asked before each call that reads, predicts or changes; everybody may do everything if absent. */
  readonly authorize?: Authorize;
  /** PEM; without it what is sent can be read on its way. */
  readonly tls?: Tls;
  /** Shared with HTTP, so that either tells of both. */
  readonly statistics?: InferenceStatistics;
  /** Messages larger than this are refused, packed or not (bytes). */
  readonly messageLimit?: number;
  /** What deadlines are read by. */
  readonly clock?: Clock;
  /** Where failures are told. */
  readonly log?: Log;
};

export type RunningGrpc = {
  /** `127.0.0.1:8001`, as clients want it. */
  readonly address: string;
  /** Takes no more calls, finishes those that run, and breaks off what has not ended after `graceMs` (10 s). */
  close(graceMs?: number): Promise<void>;
};

/** Calls of one connection at once; more wait at the client. */
const MAX_STREAMS = 1_024;
const GRACE_MS = 10_000;

/** Throws PACKAGE_MISSING, PORT_IN_USE. */
export async function startGrpc(options: GrpcOptions): Promise<RunningGrpc> {
  const {repository, port, hostname = '127.0.0.1', authorize, tls, clock = wallClock} = options;
  const {messageLimit = BODY_LIMIT, statistics = new InferenceStatistics(clock), log = failuresOnly()} = options;
  const grpc = await loadGrpc();
  const server = new grpc.Server({
    'grpc.max_receive_message_length': messageLimit,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MAX_STREAMS,
  });
  const {definition, implementation} = handlersOf(grpc, {repository, statistics, clock, log, authorize});
  server.addService(definition, implementation);
  const credentials = tls
    ? grpc.ServerCredentials.createSsl(null, [{private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.cert)}])
    : grpc.ServerCredentials.createInsecure();
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  const bound = await bind(server, host, port, credentials);
  let closed: Promise<void> | undefined;
  return {
    address: `${host}:${bound}`,
    close: (graceMs = GRACE_MS) => {
      closed ??= drain(server, graceMs);
      return closed;
    },
  };
}

function bind(server: Server, host: string, port: number, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentials, (cause, bound) => {
      if (!cause) return resolve(bound);
      server.forceShutdown();
      reject(
        new MillraceError('PORT_IN_USE', `gRPC cannot listen on ${host}:${port}: ${cause.message}.`, {
          cause,
          fix: 'Stop what listens there, or name another port with --grpc-port.',
        }),
      );
    });
  });
}

async function drain(server: Server, graceMs: number): Promise<void> {
  const timer = setTimeout(() => server.forceShutdown(), graceMs);
  await new Promise<void>(resolve => server.tryShutdown(() => resolve()));
  clearTimeout(timer);
}

async function loadGrpc(): Promise<typeof import('@grpc/grpc-js')> {
  try {
    const grpc = await import('@grpc/grpc-js');
    // What it would print comes back as an error as well.
    grpc.setLogVerbosity(grpc.logVerbosity.NONE);
    return grpc;
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', 'Serving gRPC needs the package @grpc/grpc-js.', {
      cause,
      fix: 'Run: npm install @grpc/grpc-js',
    });
  }
}
