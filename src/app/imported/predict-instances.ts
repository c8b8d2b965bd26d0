import {randomUUID} from 'node:crypto';
import {
  type Datatype,
  MillraceError,
  makeTensorData,
  nearest,
  type PredictAnswer,
  type Problem,
  type Tensor,
} from '../../protocol/index.ts';
import {checkId} from '../live/answer.ts';
import type {ImportedServing} from './imported-serving.ts';
import type {ImportedTensorModel} from './imported-tensor-model.ts';

const MAX_INSTANCES = 1_000;

/**
 * Answers instances of an imported model whose inputs are columns of numbers: objects by the names of the columns, or
 * lists in their order; null is missing. Throws REQUEST_INVALID with all problems, NOT_READY, QUEUE_FULL, DEADLINE_EXCEEDED.
 */
export async function predictInstances(
  serving: ImportedServing,
  name: string,
  body: unknown,
  {at, signal}: {readonly at: number; readonly signal?: AbortSignal},
): Promise<PredictAnswer> {
  const guarded = serving.models.model(name);
  const model = serving.version(name)!;
  const {reader} = model;
  if (reader === null)
    throw new MillraceError('REQUEST_INVALID', `The inputs of '${name}' are no columns of numbers.`, {
      fix: `Send tensors: POST /v2/models/${name}/infer`,
    });
  const instances = instancesOf(body);
  const rows = rowsOf(instances, reader.columns, datatypesOf(model, reader.columns.length));
  const ids = reader.columns.includes('id')
    ? instances.map(() => undefined)
    : instances.map((instance, i) => idOf(instance, `instances[${i}]`));
  const [first] = ids;
  const request = {
    inputs: tensorsOf(model, rows),
    id: ids.length === 1 && first !== undefined ? first : randomUUID(),
    ...(signal ? {signal} : {}),
  };
  const {outputs, parameters} = await guarded.infer(request);
  const inOrder = model.outputs.map(({name: output}) => outputs.find(each => each.name === output)!);
  const {predictions} = reader.read(request.inputs, inOrder);
  const level = String(parameters.level ?? 'model');
  const version = Number(guarded.version);
  return {
    model: name,
    predictions: Array.from(predictions, (prediction, i) => ({
      id: ids[i] ?? (ids.length === 1 ? request.id : `${request.id}/${i}`),
      prediction: Number.isNaN(prediction) ? null : prediction,
      version,
      role: 'champion',
      at,
      level,
    })),
  };
}

function instancesOf(body: unknown): readonly unknown[] {
  const instances = (body as {instances?: unknown} | null)?.instances;
  if (Array.isArray(instances) && instances.length > 0 && instances.length <= MAX_INSTANCES) return instances;
  throw new MillraceError(
    'REQUEST_INVALID',
    Array.isArray(instances) ? `'instances' holds ${instances.length}.` : "The body has no list 'instances'.",
    {fix: `Send {"instances": [{…}]} with 1 to ${MAX_INSTANCES} objects or lists of numbers.`},
  );
}

const idOf = (instance: unknown, path: string): string | undefined =>
  Array.isArray(instance) ? undefined : checkId((instance as {id?: unknown}).id, path);

/** The numbers of all instances, row by row. */
function rowsOf(
  instances: readonly unknown[],
  columns: readonly string[],
  datatypes: readonly Datatype[],
): Float64Array {
  const problems: Problem[] = [];
  const width = columns.length;
  const rows = new Float64Array(instances.length * width);
  const put = (value: unknown, i: number, c: number) => {
    const range = WHOLE[datatypes[c]!];
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number) && isWithin(number, range)) rows[i * width + c] = number;
    else if (value === null && range === undefined) rows[i * width + c] = Number.NaN;
    else
      problems.push({
        path: `instances[${i}].${columns[c]}`,
        message: `'${columns[c]}' is ${value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80)}.`,
        fix: range
          ? `Give a whole number from ${range[0]} to ${range[1]}.`
          : 'Give a finite number, or null where it is missing.',
      });
  };
  instances.forEach((instance, i) => {
    if (Array.isArray(instance)) {
      if (instance.length === width) for (let c = 0; c < width; c++) put(instance[c], i, c);
      else
        problems.push({path: `instances[${i}]`, message: `It holds ${instance.length} values.`, fix: `Give ${width}.`});
      return;
    }
    if (instance === null || typeof instance !== 'object') {
      problems.push({
        path: `instances[${i}]`,
        message: 'It is neither an object nor a list.',
        fix: `Give ${columns.slice(0, 5).join(', ')}${width > 5 ? ', …' : ''}.`,
      });
      return;
    }
    const given = instance as Record<string, unknown>;
    let known = Object.hasOwn(given, 'id') && !columns.includes('id') ? 1 : 0;
    for (let c = 0; c < width; c++) {
      const value = Object.hasOwn(given, columns[c]!) ? given[columns[c]!] : undefined;
      if (value !== undefined) known++;
      put(value, i, c);
    }
    if (known < Object.keys(given).length) strangers(given, columns, i, problems);
  });
  if (problems.length === 0) return rows;
  throw new MillraceError(
    'REQUEST_INVALID',
    `The request cannot be answered: ${problems
      .slice(0, 10)
      .map(p => p.message)
      .join(' ')}`,
    {problems: problems.slice(0, 100)},
  );
}

function strangers(given: Record<string, unknown>, columns: readonly string[], i: number, problems: Problem[]): void {
  for (const name of Object.keys(given)) {
    if (name === 'id' || columns.includes(name)) continue;
    const near = nearest(name, columns);
    problems.push({
      path: `instances[${i}].${name}`,
      message: `'${name}' is no column of this model.`,
      fix: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Leave it out.',
    });
  }
}

/** What a number in JSON can be, exactly, of each integer; a model that takes integers takes none missing. */
const WHOLE: Partial<Record<Datatype, readonly [least: number, most: number]>> = {
  BOOL: [0, 1],
  INT8: [-(2 ** 7), 2 ** 7 - 1],
  INT16: [-(2 ** 15), 2 ** 15 - 1],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  UINT8: [0, 2 ** 8 - 1],
  UINT16: [0, 2 ** 16 - 1],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0, Number.MAX_SAFE_INTEGER],
};

const isWithin = (value: number, range: readonly [number, number] | undefined): boolean =>
  range === undefined || (Number.isInteger(value) && value >= range[0] && value <= range[1]);

/** The datatype of each column: one input has them all, or each column is one. */
const datatypesOf = ({inputs}: ImportedTensorModel, columns: number): readonly Datatype[] =>
  Array.from({length: columns}, (_, c) => (inputs.length === 1 ? inputs[0]! : inputs[c]!).datatype);

function tensorsOf({inputs}: ImportedTensorModel, rows: Float64Array): Tensor[] {
  const [input] = inputs;
  if (inputs.length === 1 && input!.shape.length === 2) {
    const width = input!.shape[1]!;
    return [
      {
        name: input!.name,
        datatype: input!.datatype,
        shape: [rows.length / width, width],
        data: asData(input!.datatype, rows),
      },
    ];
  }
  const count = rows.length / inputs.length;
  return inputs.map(({name, datatype, shape}, c) => ({
    name,
    datatype,
    shape: shape.length === 2 ? [count, 1] : [count],
    data: asData(
      datatype,
      Float64Array.from({length: count}, (_, i) => rows[i * inputs.length + c]!),
    ),
  }));
}

function asData(datatype: Datatype, values: Float64Array): Tensor['data'] {
  if (datatype === 'FP64') return values;
  const data = makeTensorData(datatype, values.length);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    for (let i = 0; i < values.length; i++) data[i] = BigInt(values[i]!);
  else (data as Float32Array).set(values);
  return data;
}
