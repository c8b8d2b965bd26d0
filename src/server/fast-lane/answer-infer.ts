import {writeInferAnswer} from '../inference/infer-answer.ts';
import {readInferBody} from '../inference/infer-body.ts';
import {runInfer} from '../inference/run-infer.ts';
import {hangUpSignal, SignalledRequest} from '../inference/signalled-request.ts';
import {wasDegraded} from '../load-shedding.ts';
import type {Made} from './answer-predict.ts';
import type {Call, FastLaneOptions} from './fast-lane.ts';

/** `POST /v2/models/:model/infer` with a body of JSON alone. Throws what the route throws. */
export async function answerInfer(
  {target, body, request, response}: Call,
  {host, statistics}: FastLaneOptions,
): Promise<Made> {
  const model = host.repository().model(target.model);
  const asked = {...readInferBody(body, undefined), overloaded: wasDegraded(request)};
  const answer = await runInfer(model, new SignalledRequest(asked, () => hangUpSignal(response)), statistics);
  const written = writeInferAnswer(model, asked, answer);
  if (written.headerBytes === undefined) return {body: written.body};
  const more = ['inference-header-content-length', String(written.headerBytes)];
  return {body: written.body, type: 'application/octet-stream', more};
}
