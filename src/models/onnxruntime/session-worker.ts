// The entry of every thread that holds an ONNX Runtime session: it loads the model, and answers one run at a time.
import {parentPort, workerData} from 'node:worker_threads';
import type {InferenceSession, Tensor} from 'onnxruntime-node';
import type {PackedTensor, SessionMessage, SessionPort, SessionRequest, SessionStart} from './session-messages.ts';

const port = parentPort!;
const post = (message: SessionMessage, transfer: readonly ArrayBuffer[] = []) => port.postMessage(message, transfer);
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

type Runtime = typeof import('onnxruntime-node');

async function open(): Promise<{readonly runtime: Runtime; readonly session: InferenceSession} | null> {
  let runtime: Runtime;
  try {
    runtime = await import('onnxruntime-node');
  } catch (error) {
    post({refused: {reason: reasonOf(error), missing: true}});
    return null;
  }
  try {
    const model = new Uint8Array((workerData as SessionStart).model).slice();
    const session = await runtime.InferenceSession.create(model, {
      logSeverityLevel: 4, // what fails is thrown
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
    });
    post({ready: {inputs: session.inputMetadata.map(portOf), outputs: session.outputMetadata.map(portOf)}});
    return {runtime, session};
  } catch (error) {
    post({refused: {reason: reasonOf(error), missing: false}});
    return null;
  }
}

const portOf = (metadata: InferenceSession.ValueMetadata): SessionPort =>
  metadata.isTensor
    ? {name: metadata.name, type: metadata.type, shape: metadata.shape}
    : {name: metadata.name, type: null, shape: []};

const opened = await open();
if (opened === null) port.close();
else {
  const {runtime, session} = opened;
  port.on('message', async (request: SessionRequest) => {
    if ('close' in request) {
      await session.release();
      port.close();
      return;
    }
    try {
      const feeds: Record<string, Tensor> = {};
      for (const {name, type, dims, data} of request.inputs) feeds[name] = tensorOf(runtime, type, dims, data);
      const answers = await session.run(feeds);
      const outputs = session.outputNames.map((name): PackedTensor => {
        const {type, dims, data} = answers[name]!;
        return {name, type, dims, data: data as PackedTensor['data']};
      });
      post({id: request.id, outputs}, buffersOf(outputs));
    } catch (error) {
      post({id: request.id, failed: reasonOf(error)});
    }
  });
}

/** The types of the constructor's overloads are one per element type; here the type is a value. */
function tensorOf(runtime: Runtime, type: string, dims: readonly number[], data: PackedTensor['data']): Tensor {
  return new runtime.Tensor(type as 'float32', data as Float32Array, dims);
}

/** Each buffer once: two outputs may be one tensor. */
function buffersOf(tensors: readonly PackedTensor[]): ArrayBuffer[] {
  return [...new Set(tensors.flatMap(({data}) => (ArrayBuffer.isView(data) ? [data.buffer] : [])))];
}
