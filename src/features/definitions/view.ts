import type {Source} from '../../events/index.ts';
import {nearest, type Problem, type Row, requireValid, type Schema, type TypeName} from '../../protocol/index.ts';
import {type About, type AboutOptions, aboutOf} from './about.ts';
import type {Output, Windowed} from './aggregate.ts';
import type {Aggregates} from './aggregates.ts';
import {aggregatesOf} from './aggregates-of.ts';
import type {Entity} from './entity.ts';
import {baseOf, type Joined, type Lookup} from './joined.ts';
import type {WindowSpec} from './window.ts';

/** One feature of a view: one answer of an aggregation over one window. */
export type WindowFeature = Output & {
  readonly name: string;
  /** Name of the window, such as 1h. */
  readonly window: string;
  readonly over: WindowSpec;
  readonly about: About;
};

/** Features of one entity computed from one source. Frozen data; `F` carries the features' types. */
export interface FeatureView<N extends string = string, K extends Schema = Schema, F = unknown> {
  readonly kind: 'view';
  readonly name: N;
  readonly source: Source;
  /** What is looked up in other streams for each event. */
  readonly lookups: readonly Lookup[];
  readonly entity: Entity<string, K>;
  /** Entity key → column of the source. */
  readonly keys: Readonly<Record<string, string>>;
  readonly features: readonly WindowFeature[];
  readonly about: About;
  /** Phantom. */
  readonly values?: F;
}

type Simplify<X> = {[K in keyof X]: X[K]} & {};
type Intersect<U> = (U extends unknown ? (k: U) => void : never) extends (k: infer I) => void ? I : never;

/** `{late: over('1h', '2h')}` yields the features late_1h and late_2h; `lastK(…, 2)` of them late_1h_1, late_1h_2 and so on. */
export type ViewFeatures<D> = Simplify<
  Intersect<
    {
      [K in keyof D & string]: D[K] extends Windowed<infer O, infer W>
        ? Intersect<{[E in keyof O & string]: {[P in W as `${K}_${P}${E}`]: O[E]}}[keyof O & string]>
        : never;
    }[keyof D & string]
  >
>;

/** Columns of the source that can stand for an entity's key: those of the same type. An event whose key is null belongs to no entity. */
type KeyMap<K extends Schema, S extends Schema> = {
  readonly [P in keyof K]: {[C in keyof S]: Row<S>[C] extends Row<K>[P] | null ? C : never}[keyof S];
};

export type ViewOptions<K extends Schema, S extends Schema, D> = {
  readonly from: Source<string, S> | Joined<string, S>;
  readonly entity: Entity<string, K>;
  /** Which column of the source holds each key of the entity. */
  readonly keys: KeyMap<K, S>;
  readonly features: (a: Aggregates<S>) => D;
  /** Words about all features, such as their owner, for the catalogue. */
  readonly about?: AboutOptions;
  /** Words about the features of one aggregate, above those about all. */
  readonly aboutEach?: {readonly [P in keyof D]?: AboutOptions};
};

/** What could be meant by a column that is not there. */
function columnHint(name: string, schema: Schema, wanted: TypeName): string {
  const fitting = Object.keys(schema).filter(column => schema[column]!.type === wanted);
  const near = nearest(name, fitting);
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`;
  return fitting.length > 0 ? `Columns of this type: ${fitting.join(', ')}.` : `It has no column of type ${wanted}.`;
}

/** Declares a view. Throws DEFINITION_INVALID naming every problem at once. */
export function featureView<
  const N extends string,
  K extends Schema,
  S extends Schema,
  D extends Record<string, Windowed<unknown, string>>,
>(name: N, options: ViewOptions<K, S, D>): FeatureView<N, K, ViewFeatures<D>> {
  const {from, entity, keys} = options;
  const problems: Problem[] = [];
  const {source, lookups} = baseOf(from);
  const defined = options.features(aggregatesOf(from.schema, source.vectors));
  const about = aboutOf(options.about);
  for (const [key, {type}] of Object.entries(entity.keys)) {
    const column = (keys as Record<string, string>)[key];
    const declared = column === undefined ? undefined : from.schema[column];
    if (declared === undefined)
      problems.push({
        path: `keys.${key}`,
        message:
          column === undefined
            ? `Key '${key}' of '${entity.name}' is given no column of '${from.name}'.`
            : `Key '${key}' of '${entity.name}' is read from '${column}', which is no column of '${from.name}'.`,
        fix: columnHint(column ?? key, from.schema, type),
      });
    else if (declared.type !== type)
      problems.push({
        path: `keys.${key}`,
        message: `Key '${key}' of '${entity.name}' is a ${type}, but '${column}' of '${from.name}' is a ${declared.type}.`,
      });
  }
  for (const key of Object.keys(keys))
    if (!Object.hasOwn(entity.keys, key))
      problems.push({
        path: `keys.${key}`,
        message: `'${key}' is no key of '${entity.name}'.`,
        fix: `Its keys are ${Object.keys(entity.keys).join(', ')}.`,
      });
  const features = Object.entries(defined).flatMap(([feature, a]) => {
    if (a.windows.length === 0)
      problems.push({
        path: `features.${feature}`,
        message: `'${feature}' has no window.`,
        fix: "Give it some: .over('1h', '24h').",
      });
    if (new Set(a.windows.map(w => w.name)).size < a.windows.length)
      problems.push({path: `features.${feature}`, message: `'${feature}' names a window twice.`});
    const each = aboutOf(options.aboutEach?.[feature], about);
    return a.windows.flatMap(({name: window, spec}) =>
      a.outputs.map(
        (output): WindowFeature =>
          Object.freeze({...output, name: `${feature}_${window}${output.suffix}`, window, over: spec, about: each}),
      ),
    );
  });
  const names = features.map(f => f.name);
  if (problems.length === 0)
    for (const twice of names.filter((n, i) => names.indexOf(n) < i))
      problems.push({path: 'features', message: `Two features are called '${twice}'.`, fix: 'Rename one of them.'});
  requireValid(`View '${name}'`, problems);
  return Object.freeze({
    kind: 'view',
    name,
    source,
    lookups,
    entity,
    keys: keys as Record<string, string>,
    features: Object.freeze(features),
    about,
  });
}
