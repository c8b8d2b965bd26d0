import {type Problem, type Row, requireValid, type Schema, type TypeName} from '../../protocol/index.ts';
import {
  type ColumnExpressions,
  columnExpressions,
  Expression,
  knownNames,
  queryTime,
} from '../expressions/expression.ts';
import type {Node} from '../expressions/node.ts';
import {type Refresh, type RefreshOptions, refreshOf} from './refresh.ts';
import type {FeatureView} from './view.ts';

/** A view read by a feature set: key of the entity → field of the request (and column of the spine). */
export type ViewUse = {
  readonly view: FeatureView;
  readonly fields: Readonly<Record<string, string>>;
  /** Its values are those of the last cut before the query time; absent: of the query time itself. */
  readonly refresh?: Refresh;
};

/** A feature computed from other features, the request and the query time. */
export type DerivedFeature = {readonly name: string; readonly type: TypeName; readonly node: Node};

/** All that a model may read at one decision. Frozen data; types are carried by phantoms. */
export interface FeatureSet<Q extends Schema = Schema, F = unknown> {
  readonly kind: 'feature-set';
  readonly name: string;
  readonly views: readonly ViewUse[];
  /** Fields that a request carries: entity keys and what is known only then. */
  readonly request: Q;
  readonly derived: readonly DerivedFeature[];
  /** Names and types of all features: those of the views, then the derived ones. */
  readonly features: readonly {readonly name: string; readonly type: TypeName}[];
  /** Phantom. */
  readonly values?: F;
}

type Intersect<U> = (U extends unknown ? (k: U) => void : never) extends (k: infer I) => void ? I : never;
type Simplify<X> = {[K in keyof X]: X[K]} & {};
type FeaturesOf<V> = Simplify<
  Intersect<V extends Use<infer View> ? (View extends FeatureView<string, Schema, infer F> ? F : never) : never>
>;
type Values<F> = {readonly [K in keyof F]: Expression<F[K]>};

/** A view with the request fields that hold its keys. */
export type Use<V> = {
  readonly view: V;
  readonly fields: Readonly<Record<string, string>>;
  readonly refresh?: Refresh;
};

/**
 * Reads `view` with the entity keys taken from these fields of the request: `use(outbound, {code: 'origin'})`. With
 * `{refresh: '1d', delay: '1h'}` its values are computed in batch at cuts instead of being live: a row at `q` reads
 * those of the last cut that is at least the delay before `q`. Throws DEFINITION_INVALID.
 */
export function use<
  V extends FeatureView<string, Schema, unknown>,
  const M extends {readonly [P in keyof V['entity']['keys']]: string},
>(view: V, fields: M, options?: RefreshOptions): Use<V> & {readonly fields: M} {
  return Object.freeze({view, fields, ...(options === undefined ? {} : {refresh: refreshOf(options)})});
}

export type FeatureSetOptions<Q extends Schema, U extends readonly Use<FeatureView>[], D> = {
  readonly request: Q;
  readonly views: U;
  readonly derive?: (x: ColumnExpressions<Q> & Values<FeaturesOf<U[number]>> & {readonly at: Expression<Date>}) => D;
};

/** Declares a feature set. Throws DEFINITION_INVALID naming every problem at once. */
export function featureSet<
  Q extends Schema,
  const U extends readonly Use<FeatureView>[],
  D extends Record<string, Expression<unknown>> = Record<never, never>,
>(
  name: string,
  options: FeatureSetOptions<Q, U, D>,
): FeatureSet<Q, Simplify<FeaturesOf<U[number]> & {[K in keyof D]: D[K] extends Expression<infer V> ? V : never}>> {
  const {request, views, derive} = options;
  const problems: Problem[] = [];
  const types = new Map<string, TypeName>();
  if ('at' in request)
    problems.push({
      path: 'request.at',
      message: "The name 'at' is taken: it is the query time.",
      fix: 'Give the field another name.',
    });
  for (const field of Object.keys(request))
    if (field.startsWith('_'))
      problems.push({path: `request.${field}`, message: "Names that start with _ are the platform's own."});
  for (const {view, fields} of views) {
    for (const [key, {type}] of Object.entries(view.entity.keys)) {
      const field = fields[key];
      const declared = field === undefined ? undefined : request[field];
      if (declared === undefined)
        problems.push({
          path: `views.${view.name}`,
          message: `Key '${key}' is read from '${field}', which is no field of the request.`,
          fix: `Fields of the request: ${Object.keys(request).join(', ') || 'none'}.`,
        });
      else if (declared.type !== type)
        problems.push({
          path: `views.${view.name}`,
          message: `Key '${key}' is a ${type}, but the field '${field}' of the request is a ${declared.type}.`,
        });
    }
    for (const feature of view.features) {
      if (types.has(feature.name) || feature.name in request)
        problems.push({
          path: `views.${view.name}.${feature.name}`,
          message: `The name '${feature.name}' is taken.`,
          fix: 'Rename one of the two.',
        });
      types.set(feature.name, feature.type);
    }
  }
  const derived = derive ? derivedFeatures(derive as never, request, types, problems) : [];
  requireValid(`Feature set '${name}'`, problems);
  return Object.freeze({
    kind: 'feature-set',
    name,
    request,
    views: Object.freeze(
      views.map(({view, fields, refresh}) => ({
        view: view as FeatureView,
        fields,
        ...(refresh === undefined ? {} : {refresh}),
      })),
    ),
    derived: Object.freeze(derived),
    features: featureList(types),
  });
}

/** The set with more derived features, computed from those that it has: `derive(set, x => ({twice: x.ratio.times(2)}))`. */
export function derive<Q extends Schema, F, D extends Record<string, Expression<unknown>>>(
  set: FeatureSet<Q, F>,
  define: (x: ColumnExpressions<Q> & Values<F> & {readonly at: Expression<Date>}) => D,
): FeatureSet<Q, Simplify<F & {[K in keyof D]: D[K] extends Expression<infer V> ? V : never}>> {
  const problems: Problem[] = [];
  const types = new Map(set.features.map(({name, type}) => [name, type]));
  const more = derivedFeatures(define as never, set.request, types, problems);
  requireValid(`Feature set '${set.name}'`, problems);
  return Object.freeze({
    ...set,
    derived: Object.freeze([...set.derived, ...more]),
    features: featureList(types),
  }) as never;
}

const featureList = (types: ReadonlyMap<string, TypeName>) =>
  Object.freeze([...types].map(([feature, type]) => ({name: feature, type})));

/** Names the new features in `types`. */
function derivedFeatures(
  define: (x: unknown) => Record<string, Expression<unknown>>,
  request: Schema,
  types: Map<string, TypeName>,
  problems: Problem[],
): DerivedFeature[] {
  const inputs = knownNames({
    ...columnExpressions(request),
    ...Object.fromEntries(
      [...types].map(([feature, type]) => [feature, new Expression({op: 'column', name: feature, type}, type)]),
    ),
    at: queryTime,
  });
  return Object.entries(define(inputs)).map(([feature, {node, type}]): DerivedFeature => {
    if (types.has(feature)) problems.push({path: `derive.${feature}`, message: `The name '${feature}' is taken.`});
    types.set(feature, type);
    return Object.freeze({name: feature, type, node});
  });
}

export type RequestOf<S> = S extends FeatureSet<infer Q, unknown> ? Row<Q> : never;
export type FeatureNames<S> = S extends FeatureSet<Schema, infer F> ? keyof F & string : never;

/** One expression over the fields of a request, the features of a set and the query time. Throws DEFINITION_INVALID. */
export function expressionOver<Q extends Schema, F>(
  set: FeatureSet<Q, F>,
  define: (x: ColumnExpressions<Q> & Values<F> & {readonly at: Expression<Date>}) => Expression<unknown>,
): Node {
  const problems: Problem[] = [];
  const types = new Map(set.features.map(({name, type}) => [name, type]));
  const [made] = derivedFeatures(x => ({_made: define(x as never)}), set.request, types, problems);
  requireValid(`An expression over '${set.name}'`, problems);
  return made!.node;
}
