import {randomUUID} from 'node:crypto';
import {MillraceError, type TensorSpec} from '../../protocol/index.ts';
import type {InferAnswer, InferRequest, TensorModel} from '../../serving/index.ts';
import {checkId} from '../live/answer.ts';
import type {LiveModel} from '../live/live-model.ts';
import {column, requestSpecs, rowsOfTensors} from './request-tensors.ts';

const MOST_ROWS = 10_000;

const OUTPUTS: readonly TensorSpec[] = Object.freeze([
  {name: 'prediction', datatype: 'FP64', shape: [-1]},
  {name: 'version', datatype: 'INT64', shape: [-1]},
  {name: 'level', datatype: 'BYTES', shape: [-1]},
]);

/**
 * A model with live features, for those who speak tensors: the request's fields in, predictions out. Features are read
 * in the server, and answers are logged like any other. Abstained predictions are NaN.
 */
export class LiveTensorModel implements TensorModel {
  readonly name: string;
  readonly version: string;
  readonly platform = 'millrace';
  readonly inputs: readonly TensorSpec[];
  readonly outputs = OUTPUTS;
  readonly #model: LiveModel;
  /** The version that answers, if one was named; else the release plan chooses. */
  readonly #named: number | undefined;

  constructor(model: LiveModel, version: number, named: boolean) {
    this.name = model.definition.name;
    this.version = String(version);
    this.inputs = requestSpecs(model.definition.features.request);
    this.#model = model;
    this.#named = named ? version : undefined;
  }

  async infer({id, inputs, outputs, signal, timeoutMs, overloaded = false}: InferRequest): Promise<InferAnswer> {
    const arrivedAt = performance.now();
    const wanted = outputs?.length ? outputs : OUTPUTS.map(({name}) => name);
    const stranger = wanted.find(name => !OUTPUTS.some(output => output.name === name));
    if (stranger !== undefined)
      throw new MillraceError('REQUEST_INVALID', `There is no output '${stranger}'.`, {
        fix: `Outputs are ${OUTPUTS.map(({name}) => name).join(', ')}.`,
      });
    const model = this.#model;
    const rows = rowsOfTensors(model.definition.features.request, inputs, MOST_ROWS);
    const requests = rows.map(({fields, id: own}, i) => ({
      request: model.parse(fields, rows.length === 1 ? 'inputs' : `inputs[${i}]`),
      id: checkId(own ?? (rows.length === 1 ? id || undefined : undefined), `id[${i}]`) ?? randomUUID(),
    }));
    signal?.throwIfAborted();
    const run = {arrivedAt, overloaded, ...(timeoutMs === undefined ? {} : {deadlineMs: timeoutMs})};
    const served = model.predictAll(requests, run, this.#named);
    setImmediate(() => {
      for (const prediction of served) model.shadow(prediction);
    });
    const columns = {
      prediction: () =>
        column(
          'prediction',
          'FP64',
          served.map(s => (s.abstained ? Number.NaN : s.prediction)),
        ),
      version: () =>
        column(
          'version',
          'INT64',
          served.map(s => s.version),
        ),
      level: () =>
        column(
          'level',
          'BYTES',
          served.map(s => s.level),
        ),
    };
    const levels = [...new Set(served.map(s => s.level))];
    return {
      outputs: wanted.map(name => columns[name as keyof typeof columns]()),
      parameters: levels.length === 1 && levels[0] !== 'model' ? {level: levels[0]!} : {},
    };
  }
}
