import {answerInstances, type Host, predictInstances, type Run} from '../../app/index.ts';
import {readJson} from '../json-bodies.ts';
import {wasDegraded} from '../load-shedding.ts';
import {instancesOf, liveModel, optionsOf} from '../prediction-routes.ts';
import {nameAnswer, stagesOf} from '../traces/request-traces.ts';
import type {Call} from './fast-lane.ts';

/** The body of an answer, its type (JSON unless told), and further headers. */
export type Made = {readonly body: string | Buffer; readonly type?: string; readonly more?: readonly string[]};

/** `POST /v1/models/:model/predict`. Throws what the route throws. */
export function answerPredict({target, body, arrivedAt, request, trace}: Call, host: Host): Made | Promise<Made> {
  const asked = readJson(body);
  if (host.imported && host.isImported(target.model)) {
    const at = host.runtime.clock.now();
    return predictInstances(host.imported, target.model, asked, {at}).then(answer => ({body: JSON.stringify(answer)}));
  }
  const model = liveModel(host, target.model);
  const run: Run = {arrivedAt, overloaded: wasDegraded(request), ...stagesOf(trace)};
  const {answer, served} = answerInstances(model, instancesOf(asked), optionsOf(asked), run);
  nameAnswer(trace, target.model, served);
  // Versions that did not answer score the request when the answer has gone out.
  if ((model.service.plan?.arms.length ?? 0) > 1)
    setImmediate(() => {
      for (const prediction of served) model.shadow(prediction);
    });
  return {body: JSON.stringify(answer)};
}
