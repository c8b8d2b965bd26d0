import {
  type ColumnsOf,
  type Duration,
  durationMs,
  type Problem,
  requireValid,
  type ScalarColumns,
  type Schema,
} from '../protocol/index.ts';
import type {Check} from './checks/check.ts';
import {checkProblem} from './checks/check-problem.ts';
import type {Origin} from './origin.ts';
import {flattenSchema} from './schema/vectors.ts';

/** A stream of events, as the user declares it. Frozen data: reading it is someone else's work. */
export interface Source<N extends string = string, S extends Schema = Schema> {
  readonly kind: 'source';
  readonly name: N;
  /** The columns as they are held: each vector of `S` is here as many columns of numbers. */
  readonly schema: S;
  /** The vectors among the columns by name, with their sizes. */
  readonly vectors: Readonly<Record<string, number>>;
  /** Column that says when it happened. */
  readonly time: string;
  /** Column that makes a redelivery the same event. */
  readonly id: string;
  /** Column that says when the source had it: believed in bulk; live, an event arrives when it is pushed, or later. Null: event time + delay in bulk. */
  readonly arrival: string | null;
  /** Added to the event time of bulk-loaded events to get their arrival time. */
  readonly delayMs: number;
  /** An event that arrives more than this after its time is kept and counted but used by no feature. 24 hours beyond the delay unless declared. */
  readonly latenessMs: number;
  /** How long after its arrival an event stays in the log; then the archive alone has it. Null: for ever. */
  readonly retentionMs: number | null;
  readonly checks: readonly Check[];
  /** The files of its history, or the server that is followed; null: only pushed. */
  readonly from: Origin | null;
}

export type SourceOptions<S extends Schema> = {
  readonly schema: S;
  readonly time: ColumnsOf<S, Date>;
  readonly id: ColumnsOf<S, string>;
  readonly arrival?: ColumnsOf<S, Date>;
  readonly delay?: Duration;
  readonly lateness?: Duration;
  /** How long events stay in the log, at least: `'90d'`. Afterwards they are in the archive alone. For ever unless told. */
  readonly retention?: Duration;
  readonly checks?: readonly Check<ScalarColumns<S>>[];
  readonly from?: Origin;
};

const DEFAULT_LATENESS_MS = 24 * 3_600_000;

const NAME = /^[a-z][A-Za-z0-9_-]{0,62}$/;

/** Declares a stream of events. Throws DEFINITION_INVALID naming every problem at once. */
export function events<const N extends string, S extends Schema>(name: N, options: SourceOptions<S>): Source<N, S> {
  const {schema, time, id, arrival, delay, lateness, checks = [], from} = options;
  const problems: Problem[] = [];
  if (!NAME.test(name))
    problems.push({
      path: 'name',
      message: `'${name}' is no name.`,
      fix: 'Start with a lower-case letter; use letters, digits, _ and -.',
    });
  for (const [role, column, type] of [
    ['time', time, 'time'],
    ['id', id, 'string'],
    ['arrival', arrival, 'time'],
  ] as const) {
    if (column === undefined) continue;
    const declared = schema[column];
    if (!declared) problems.push({path: role, message: `Column '${column}' is not in the schema.`});
    else if (declared.type !== type || declared.nullable)
      problems.push({path: role, message: `Column '${column}' must be a ${type} that is never null.`});
  }
  for (const column of Object.keys(schema))
    if (column.startsWith('_'))
      problems.push({path: `schema.${column}`, message: "Names that start with _ are the platform's own."});
  const flat = flattenSchema(schema, problems);
  const checked = new Set<string>();
  for (const check of checks) {
    if (checked.has(check.name)) problems.push({path: 'checks', message: `${check.name}: it is declared twice.`});
    checked.add(check.name);
    const problem = checkProblem(check, schema);
    if (problem) problems.push({path: 'checks', message: `${check.name}: ${problem}`});
  }
  const delayMs = delay ? durationMs(delay) : 0;
  const latenessMs = lateness ? durationMs(lateness) : delayMs + DEFAULT_LATENESS_MS;
  if (latenessMs < delayMs)
    problems.push({
      path: 'lateness',
      message: `The delay of ${delay} is longer than the lateness of ${lateness}, so no event of the history would be used.`,
      fix: 'Declare a lateness of at least the delay.',
    });
  requireValid(`Source '${name}'`, problems);
  return Object.freeze({
    kind: 'source',
    name,
    schema: flat.schema as S,
    vectors: flat.vectors,
    time,
    id,
    arrival: arrival ?? null,
    delayMs,
    latenessMs,
    retentionMs: options.retention === undefined ? null : durationMs(options.retention),
    checks,
    from: from ?? null,
  });
}
