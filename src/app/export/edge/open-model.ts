/** A model version that answers wherever there is JavaScript: what an exported module is made of. */
import type {OnlineReader} from '../../../features/index.ts';
import {expandModel, type ModelSpec} from '../../../models/index.ts';
import {type ColumnSpec, MillraceError, t} from '../../../protocol/index.ts';
import {Inputs, makeArm, parseRequest, RecentMap, type RequestFields, requestText} from '../../../serving/index.ts';
import {EXPORT_FORMAT, type ExportedArrays, type ExportedModel, type NamedType} from './exported-model.ts';
import {GivenFeatures} from './given-features.ts';

/** Fields of the request; beside them `features` (those of views, by name), `at` (the query time) and `id`, which is ignored. */
export type EdgeInput = Readonly<Record<string, unknown>>;

export type EdgeAnswer = {
  readonly prediction: number;
  readonly version: number;
  /** Query time (UTC ms). */
  readonly at: number;
  /** `model`, or the step of the fallback chain that answered. */
  readonly level: string;
  /** Inputs outside what training saw. */
  readonly outside: readonly string[];
  /** Less sure than the policy asks for: people are to decide. */
  readonly abstained: boolean;
};

export type EdgeModel = {
  readonly model: {
    readonly name: string;
    readonly version: number;
    readonly task: ModelSpec['task'];
    readonly request: readonly ColumnSpec[];
    readonly viewFeatures: readonly NamedType[];
    /** Inputs of the model, in the order of `predictVector`. */
    readonly features: ModelSpec['features'];
  };
  /** Throws REQUEST_INVALID with all problems of the input at once. `path` is where they are said to be. */
  answer(input: EdgeInput, path?: string): EdgeAnswer;
  predict(input: EdgeInput): number;
  explain(input: EdgeInput): {base: number; contributions: Record<string, number>};
  vectorOf(input: EdgeInput): Float64Array;
  predictVector(vector: Float64Array): number;
};

const AT = {at: t.time.orNull()};

/** `now`: UTC milliseconds, for inputs that name no query time. Throws MODEL_INVALID if a byte of the module was changed. */
export function openModel(exported: ExportedModel, now: () => number): EdgeModel {
  if (exported.format !== EXPORT_FORMAT)
    throw new MillraceError('MODEL_INVALID', `The exported model has format ${exported.format}.`, {
      fix: 'Export it again.',
    });
  const {model: name, version, policy, ranges, main, companions} = exported;
  const reader = new GivenFeatures(exported);
  const text = requestText(reader.set.request);
  const parts = {
    artifact: artifactOf(main),
    companions: new Map(companions.map(([companion, model]) => [companion, artifactOf(model)])),
    ranges: new Map(ranges),
  };
  const shared = {
    policy,
    reader: reader as unknown as OnlineReader,
    text,
    last: new RecentMap<never>(1),
    sticky: null,
    now: () => 0,
  };
  const {chain, loaded, levels} = makeArm(version, parts, null, shared);
  const {spec} = loaded.predictor;

  const inputsOf = (input: EdgeInput, path = 'input'): Inputs => {
    const {at, features, ...fields} = withoutDates(input, path);
    const request = parseRequest(reader.set.request, fields, path);
    const asked = parseRequest(AT, at === undefined ? {} : {at}, path).at as number | null;
    reader.give(features === undefined ? {} : parseRequest(reader.schema, withoutDates(features), `${path}.features`));
    return new Inputs(request, '', asked ?? now(), shared.reader);
  };

  const answer = (input: EdgeInput, path?: string): EdgeAnswer => {
    const inputs = inputsOf(input, path);
    const chained = chain.run(inputs, {arrivedAt: 0});
    if (chained instanceof Promise) throw new TypeError('A level of an exported model answered later.');
    const {prediction, outside} = chained.answer;
    const abstained = policy.abstain !== null && Math.max(prediction, 1 - prediction) < policy.abstain.below;
    return {prediction, version, at: inputs.at, level: levels[chained.level]!, outside, abstained};
  };

  const vectorOf = (input: EdgeInput): Float64Array => loaded.vector(inputsOf(input).row()).slice();

  return {
    model: {
      name,
      version,
      task: spec.task,
      request: exported.request,
      viewFeatures: exported.views.flatMap(view => view.features),
      features: spec.features,
    },
    answer,
    predict: input => answer(input).prediction,
    explain: input => {
      const {base, contributions} = loaded.predictor.explain(vectorOf(input));
      return {
        base,
        contributions: Object.fromEntries(spec.features.map((feature, f) => [feature.name, contributions[f]!])),
      };
    },
    vectorOf,
    predictVector: vector => {
      if (vector.length !== spec.features.length)
        throw new MillraceError('REQUEST_INVALID', `The vector holds ${vector.length} numbers.`, {
          fix: `Give ${spec.features.length}: ${spec.features.map(feature => feature.name).join(', ')}.`,
        });
      return loaded.predictor.predictRow(vector);
    },
  };
}

const artifactOf = ({base64, ...model}: ExportedArrays): Uint8Array =>
  expandModel({...model, bytes: Uint8Array.from(atob(base64), char => char.charCodeAt(0))});

/** JSON would have written them as text. */
function withoutDates(given: unknown, path?: string): RequestFields {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw new MillraceError('REQUEST_INVALID', `${path} is not an object.`);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value instanceof Date ? value.getTime() : value]),
  );
}
