/** Binds the methods of the service to grpc-js: messages pass it as bytes, and failures leave as a status. */
import {once} from 'node:events';
import type {handleBidiStreamingCall, handleUnaryCall, ServerDuplexStream, ServerUnaryCall} from '@grpc/grpc-js';
import type {Log, ModelRepository} from '../../app/index.ts';
import type {Clock} from '../../protocol/index.ts';
import type {InferenceStatistics} from '../inference/inference-statistics.ts';
import {grpcFailure} from './grpc-status.ts';
import {type CallContext, InferMethod, writeStreamError} from './infer-method.ts';
import {type Permit, type Scope, serviceMethods} from './service.ts';

type Grpc = typeof import('@grpc/grpc-js');
type AnyCall = ServerUnaryCall<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

/** Who asks for what. */
export type GrpcCaller = {
  /** The `authorization` of the call's metadata. */
  readonly authorization: string | undefined;
  readonly scope: Scope;
  /** null: all models. */
  readonly model: string | null;
  /** Address and port of the caller. */
  readonly peer: string;
};

/** Who asks, for the audit log. Throws UNAUTHENTICATED, FORBIDDEN or RATE_LIMITED if the caller may not. */
export type Authorize = (caller: GrpcCaller) => string | Promise<string>;

export type HandlerOptions = {
  readonly repository: () => ModelRepository;
  readonly statistics: InferenceStatistics;
  readonly clock: Clock;
  readonly log: Log;
  readonly authorize: Authorize | undefined;
};

const SERVICE = 'inference.GRPCInferenceService';

const asIs = (bytes: Buffer): Buffer => bytes;

/** How grpc-js knows a method whose messages are left as they are. */
const definitionOf = (name: string, stream: boolean) => ({
  path: `/${SERVICE}/${name}`,
  requestStream: stream,
  responseStream: stream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});

/** For `Server.addService`. */
export function handlersOf(grpc: Grpc, {repository, statistics, clock, log, authorize}: HandlerOptions) {
  const contextOf = (call: AnyCall): CallContext => {
    let signal: AbortSignal | undefined;
    return {
      permit: permitOf(call, authorize),
      signal: () => {
        signal ??= cancelSignal(call);
        return signal;
      },
      remainingMs: () => Number(call.getDeadline()) - clock.now(),
    };
  };
  const unary =
    (answer: (message: Buffer, call: AnyCall) => Promise<Buffer>): handleUnaryCall<Buffer, Buffer> =>
    (call, reply) => {
      answer(call.request, call).then(
        bytes => reply(null, bytes),
        error => reply(call.cancelled ? {code: grpc.status.CANCELLED} : grpcFailure(error, new grpc.Metadata(), log)),
      );
    };
  const infer = new InferMethod(repository, statistics);
  const stream: handleBidiStreamingCall<Buffer, Buffer> = call => {
    answerAll(call, contextOf(call), infer, {grpc, log}).catch(error => {
      if (!call.cancelled) call.emit('error', grpcFailure(error, new grpc.Metadata(), log));
    });
  };
  const methods = Object.entries(serviceMethods(repository, statistics));
  return {
    definition: {
      ...Object.fromEntries(methods.map(([name]) => [name, definitionOf(name, false)])),
      ModelInfer: definitionOf('ModelInfer', false),
      ModelStreamInfer: definitionOf('ModelStreamInfer', true),
    },
    implementation: {
      ...Object.fromEntries(
        methods.map(([name, answer]) => [name, unary((message, call) => answer(message, permitOf(call, authorize)))]),
      ),
      ModelInfer: unary((message, call) => infer.once(message, contextOf(call))),
      ModelStreamInfer: stream,
    },
  };
}

function cancelSignal(call: AnyCall): AbortSignal {
  const gone = new AbortController();
  if (call.cancelled) gone.abort();
  else call.on('cancelled', () => gone.abort());
  return gone.signal;
}

function permitOf(call: AnyCall, authorize: Authorize | undefined): Permit {
  if (!authorize) return async () => undefined;
  const [given] = call.metadata.get('authorization');
  const authorization = given === undefined ? undefined : String(given);
  return async (scope, model) => authorize({authorization, scope, model, peer: call.getPeer()});
}

/** Answers the requests of a stream in their order, one at a time; one that fails is told, and the next is taken. */
async function answerAll(
  call: ServerDuplexStream<Buffer, Buffer>,
  context: CallContext,
  infer: InferMethod,
  {grpc, log}: {readonly grpc: Grpc; readonly log: Log},
): Promise<void> {
  // The iterator must leave the stream open at its end: there may be answers on their way.
  for await (const message of call.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) {
    const answer = await infer
      .streamed(message, context)
      .catch((error: unknown) => writeStreamError(grpcFailure(error, new grpc.Metadata(), log).details));
    if (call.cancelled) return;
    if (!call.write(answer)) await once(call, 'drain', {signal: context.signal()});
  }
  call.end();
}
