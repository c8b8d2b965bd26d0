import type {FeatureSpec} from '../../models/index.ts';
import {
  type KnownCategories,
  PREDICTION,
  QualityCounters,
  type ServedColumn,
  type ServedValue,
} from '../../monitoring/index.ts';
import type {QualityResult} from '../../protocol/index.ts';
import {fromModel, type ServedPrediction} from '../../serving/index.ts';
import type {ModelDefinition} from '../definitions/model.ts';
import {servedColumns} from './served-columns.ts';

export type Answered = Pick<ServedPrediction, 'request' | 'features' | 'prediction' | 'level'>;

type Cell = (answer: Answered) => ServedValue;

/**
 * The checks of a model's policy on every answer, window by window: `observe` each, `close` when the window ends. Only
 * columns that a check reads are looked at.
 */
export class QualityWatch {
  readonly #definition: Pick<ModelDefinition, 'features' | 'monitor'>;
  readonly #columns: readonly ServedColumn[];
  readonly #cells: readonly Cell[];
  /** Used again for every answer. */
  readonly #row: ServedValue[];
  #known: KnownCategories = () => null;
  #counters: QualityCounters;
  #isEmpty = true;

  constructor(definition: Pick<ModelDefinition, 'features' | 'monitor'>) {
    const {features, monitor} = definition;
    this.#definition = definition;
    const read = new Set(monitor.quality.flatMap(({columns}) => columns));
    const all = servedColumns(features);
    this.#columns = all.filter(({name, level}) => level === 'prediction' || read.has(name));
    const names = features.features.map(({name}) => name);
    this.#cells = this.#columns.map(column => cellOf(column, names));
    this.#row = this.#columns.map(() => null);
    this.#counters = this.#begin();
  }

  /** The version in charge, whose categories are those that are not new: at once in an empty window, else from the next one on. */
  follow(features: readonly FeatureSpec[]): void {
    const vocabularies = new Map(features.map(({name, vocabulary}) => [name, vocabulary ?? null]));
    this.#known = name => vocabularies.get(name) ?? null;
    if (this.#isEmpty) this.#counters = this.#begin();
  }

  /** An answer of any level, those of fallbacks included. */
  observe(answer: Answered): void {
    if (this.#definition.monitor.quality.length === 0) return;
    const [row, cells] = [this.#row, this.#cells];
    for (let i = 0; i < cells.length; i++) row[i] = cells[i]!(answer);
    this.#counters.observe(row);
    this.#isEmpty = false;
  }

  /** What the checks say of the window that has ended; the next one begins. */
  close(): QualityResult[] {
    const results = this.#counters.results();
    this.#counters = this.#begin();
    return results;
  }

  #begin(): QualityCounters {
    this.#isEmpty = true;
    return new QualityCounters(this.#definition.monitor.quality, this.#columns, {known: this.#known});
  }
}

function cellOf({name, level}: ServedColumn, features: readonly string[]): Cell {
  if (level === 'feature') {
    const at = features.indexOf(name);
    return answer => answer.features[at] ?? null;
  }
  if (level === 'input')
    return ({request}) => {
      const value = request[name] ?? null;
      return typeof value === 'boolean' ? Number(value) : value;
    };
  if (name === PREDICTION.name) return answer => answer.prediction;
  return answer => (fromModel(answer.level) ? null : answer.level);
}
