import {type FeatureRow, type FeatureSet, type OnlineReader, RowMaker} from '../../../features/index.ts';
import {type Schema, t} from '../../../protocol/index.ts';
import type {RequestFields} from '../../../serving/index.ts';
import type {ExportedModel} from './exported-model.ts';

const schemaOf = (columns: readonly {readonly name: string; readonly type: keyof typeof TYPES; nullable: boolean}[]) =>
  Object.fromEntries(columns.map(({name, type, nullable}) => [name, nullable ? TYPES[type].orNull() : TYPES[type]]));
const {vector: _, ...TYPES} = t;

/** As much of a feature set as making a row takes: a caller gives the features of views, so keys are not needed. */
function setOf({featureSet, request, views, derived}: ExportedModel): FeatureSet {
  const set = {
    kind: 'feature-set',
    name: featureSet,
    request: schemaOf(request),
    views: views.map(({name, features}) => ({view: {name, features, entity: {keys: {}}}, fields: {}})),
    derived,
    features: [...views.flatMap(({features}) => features), ...derived.map(({name, type}) => ({name, type}))],
  };
  return set as unknown as FeatureSet;
}

/**
 * Reads rows as the server's reader does, but that the features of views are what the caller gives by name. Derived
 * features are computed by the very same code. What is not given is missing.
 */
export class GivenFeatures implements Pick<OnlineReader, 'set' | 'read' | 'missing' | 'latestEvent'> {
  readonly set: FeatureSet;
  /** Of what a caller may give: all of it may be null. */
  readonly schema: Schema;
  readonly #rows: RowMaker;
  readonly #numbers: readonly Float64Array[];
  #given: RequestFields = {};

  constructor(exported: ExportedModel) {
    this.set = setOf(exported);
    this.schema = schemaOf(
      exported.views.flatMap(({features}) => features.map(feature => ({...feature, nullable: true}))),
    );
    this.#rows = new RowMaker(this.set);
    this.#numbers = this.set.views.map(({view}) => new Float64Array(view.features.length));
  }

  /** What the next reads find. */
  give(features: RequestFields): void {
    this.#given = features;
  }

  read(request: RequestFields, q: number): FeatureRow {
    const valuesOf = (v: number): Float64Array => {
      const numbers = this.#numbers[v]!;
      this.set.views[v]!.view.features.forEach(({name, type}, f) => {
        const value = this.#given[name] ?? null;
        // A string is its own place in the view, which stands for it as a code does on the server.
        numbers[f] = type === 'string' ? f : value === null ? Number.NaN : Number(value);
      });
      return numbers;
    };
    const textOf = (v: number, f: number): string | null =>
      (this.#given[this.set.views[v]!.view.features[f]!.name] ?? null) as string | null;
    return this.#rows.make(request, q, valuesOf, textOf);
  }

  missing(request: RequestFields, q: number): FeatureRow {
    this.give({});
    return this.read(request, q);
  }

  /** Ages are not known here, and `timeless` policies do not ask. */
  latestEvent(): null {
    return null;
  }
}
