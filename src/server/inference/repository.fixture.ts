// A repository in memory, of models small enough to know their answers.
import {setTimeout as wait} from 'node:timers/promises';
import type {InferAnswer, InferRequest, ModelRepository, RepositoryEntry, TensorModel} from '../../app/index.ts';
import {type Datatype, MillraceError, type Tensor, type TensorSpec} from '../../protocol/index.ts';

type Answer = (request: InferRequest) => Promise<readonly Tensor[]> | readonly Tensor[];

const spec = (name: string, datatype: Datatype, shape: readonly number[]): TensorSpec => ({name, datatype, shape});

const fits = (shape: readonly number[], wanted: readonly number[]): boolean =>
  shape.length === wanted.length && wanted.every((size, i) => size === -1 || size === shape[i]);

class FixtureModel implements TensorModel {
  readonly platform = 'fixture';
  readonly name: string;
  readonly version: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #answer: Answer;

  constructor(
    name: string,
    inputs: readonly TensorSpec[],
    outputs: readonly TensorSpec[],
    answer: Answer,
    version = '1',
  ) {
    this.name = name;
    this.version = version;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#answer = answer;
  }

  async infer(request: InferRequest): Promise<InferAnswer> {
    for (const {name, datatype, shape} of this.inputs) {
      const given = request.inputs.find(input => input.name === name);
      if (!given || given.datatype !== datatype || !fits(given.shape, shape))
        throw new MillraceError('REQUEST_INVALID', `Input '${name}' is ${given?.datatype} [${given?.shape}].`, {
          fix: `Send ${datatype} [${shape}].`,
        });
    }
    const wanted = request.outputs?.length ? request.outputs : this.outputs.map(({name}) => name);
    const unknown = wanted.find(name => !this.outputs.some(output => output.name === name));
    if (unknown !== undefined) throw new MillraceError('REQUEST_INVALID', `There is no output '${unknown}'.`);
    const outputs = await this.#answer(request);
    return {outputs: wanted.map(name => outputs.find(output => output.name === name)!), parameters: {level: 'main'}};
  }
}

/** Gives back what it gets: one input `x` and one output `y` of a datatype. */
const echo = (name: string, datatype: Datatype, shape: readonly number[]): FixtureModel =>
  new FixtureModel(name, [spec('x', datatype, shape)], [spec('y', datatype, shape)], ({inputs}) => [
    {...inputs[0]!, name: 'y'},
  ]);

function sum({inputs}: InferRequest): Tensor[] {
  const {data, shape} = inputs[0]!;
  const [rows, columns] = shape as [number, number];
  const values = data as Float32Array;
  const out = new Float32Array(rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i]! += values[i * columns + j]!;
  return [
    {name: 'sum', datatype: 'FP32', shape: [rows], data: out},
    {name: 'columns', datatype: 'INT64', shape: [rows], data: new BigInt64Array(rows).fill(BigInt(columns))},
  ];
}

const sumSpecs = [
  [{...spec('x', 'FP32', [-1, 3]), columns: ['a', 'b', 'c']}],
  [spec('sum', 'FP32', [-1]), spec('columns', 'INT64', [-1])],
] as const;

/** What the slow model and the failing one have seen. */
export type FixtureLog = {aborted: number; answered: number; requests: InferRequest[]};

/** `load('broken')` fails; `unload` makes a model answer NOT_READY until it is loaded again. */
export function fixtureRepository(): ModelRepository & {readonly log: FixtureLog} {
  const log: FixtureLog = {aborted: 0, answered: 0, requests: []};
  const slow: Answer = async ({inputs, signal}) => {
    try {
      await wait(Number((inputs[0]!.data as Float64Array)[0]), undefined, signal ? {signal} : {});
    } catch (error) {
      log.aborted++;
      throw error;
    }
    log.answered++;
    return [{...inputs[0]!, name: 'y'}];
  };
  const failing: Answer = ({inputs}) => {
    const [code] = inputs[0]!.data as readonly Uint8Array[];
    const text = Buffer.from(code!).toString();
    if (text === 'TypeError') throw new TypeError('a secret of the inside');
    throw new MillraceError(text as 'QUEUE_FULL', `It fails with ${text}.`);
  };
  const remember: Answer = request => {
    log.requests.push(request);
    return [{...request.inputs[0]!, name: 'y'}];
  };
  const models: readonly FixtureModel[] = [
    new FixtureModel('sum', ...sumSpecs, sum),
    new FixtureModel('sum', ...sumSpecs, sum, '2'),
    ...(['BOOL', 'UINT8', 'UINT16', 'UINT32', 'UINT64', 'INT8', 'INT16', 'INT32', 'INT64'] as const).map(datatype =>
      echo(`echo-${datatype}`, datatype, [-1]),
    ),
    ...(['FP16', 'FP32', 'FP64', 'BYTES'] as const).map(datatype => echo(`echo-${datatype}`, datatype, [-1])),
    echo('matrix', 'INT32', [-1, -1]),
    new FixtureModel(
      'person',
      [spec('age', 'INT32', [-1]), spec('name', 'BYTES', [-1]), spec('height', 'FP64', [-1, 1])],
      [spec('name', 'BYTES', [-1]), spec('height', 'FP64', [-1, 1])],
      ({inputs}) => inputs.filter(({name}) => name !== 'age'),
    ),
    new FixtureModel('remember', [spec('x', 'INT32', [-1])], [spec('y', 'INT32', [-1])], remember),
    new FixtureModel('slow', [spec('ms', 'FP64', [1])], [spec('y', 'FP64', [1])], slow),
    new FixtureModel('failing', [spec('code', 'BYTES', [1])], [spec('y', 'BYTES', [1])], failing),
  ];
  const unloaded = new Set<string>();
  const named = (name: string): readonly FixtureModel[] => {
    const found = models.filter(model => model.name === name);
    if (found.length === 0 && name !== 'broken')
      throw new MillraceError('MODEL_NOT_FOUND', `There is no model '${name}'.`, {fix: 'Ask the index for names.'});
    return found;
  };
  return {
    log,
    index: () =>
      models
        .map(({name, version}): RepositoryEntry => {
          const gone = unloaded.has(name);
          return {name, version, state: gone ? 'UNAVAILABLE' : 'READY', reason: gone ? 'unloaded' : ''};
        })
        .sort((a, b) => (a.name < b.name || (a.name === b.name && a.version < b.version) ? -1 : 1)),
    model(name, version) {
      const found = named(name);
      const model = version === undefined ? found.at(-1) : found.find(each => each.version === version);
      if (!model) throw new MillraceError('VERSION_NOT_FOUND', `'${name}' has no version ${version}.`);
      if (unloaded.has(name)) throw new MillraceError('NOT_READY', `'${name}' is unloaded.`, {fix: 'Load it.'});
      return model;
    },
    versions: name => named(name).map(({version}) => version),
    load: async name => {
      named(name);
      if (name === 'broken') throw new MillraceError('MODEL_INVALID', `'${name}' cannot be read.`);
      unloaded.delete(name);
    },
    unload: async name => {
      named(name);
      unloaded.add(name);
    },
  };
}
