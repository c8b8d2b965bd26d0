import type {Source} from '../../events/index.ts';
import {
  MillraceError,
  type Problem,
  type Row,
  requireValid,
  type Schema,
  type Type,
  type TypeName,
} from '../../protocol/index.ts';

/** The latest row of another stream by key, whose columns are read beside those of an event. */
export type Lookup = {
  readonly alias: string;
  readonly source: Source;
  /** Column of the other stream → column of the event. */
  readonly on: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
};

/** A stream with columns of other streams beside its own. Frozen data. */
export interface Joined<N extends string = string, S extends Schema = Schema> {
  readonly kind: 'joined';
  readonly name: N;
  readonly source: Source;
  readonly lookups: readonly Lookup[];
  /** The source's own columns, and `<alias>_<column>` for each looked up, null where there is no row. */
  readonly schema: S;
}

export type Latest<S extends Schema, C extends string, L extends string> = {
  readonly source: Source<string, S>;
  readonly on: Readonly<Record<string, L>>;
  readonly columns: readonly C[];
};

/** The latest row of `source` whose columns `on` equal those of the event: `latest(shops, {on: {shop: 'shopId'}, columns: ['country']})`. */
export const latest = <S extends Schema, const C extends keyof S & string, const L extends string>(
  source: Source<string, S>,
  {on, columns}: {readonly on: {readonly [K in keyof S & string]?: L}; readonly columns: readonly C[]},
): Latest<S, C, L> => Object.freeze({source, on: on as Readonly<Record<string, L>>, columns});

type Columns<A extends string, T> =
  T extends Latest<infer S, infer C, string>
    ? {[K in C as `${A}_${K}`]: Type<S[K] extends Type<infer V> ? V | null : never>}
    : never;
type Intersect<U> = (U extends unknown ? (k: U) => void : never) extends (k: infer I) => void ? I : never;
type LookedUp<L> = Intersect<{[A in keyof L & string]: Columns<A, L[A]>}[keyof L & string]>;

/**
 * Events of `source` with what other streams said last about the same thing. For an event, the row is the latest one
 * (by time, then id) that happened before the event, had arrived when the event arrived, and stands before it in the
 * log. Throws DEFINITION_INVALID naming every problem at once.
 */
export function joined<
  const N extends string,
  S extends Schema,
  const L extends Readonly<Record<string, Latest<Schema, string, keyof Row<S> & string>>>,
>(source: Source<N, S>, lookups: L): Joined<N, S & LookedUp<L>> {
  const problems: Problem[] = [];
  const schema: Record<string, {readonly type: TypeName; readonly nullable: boolean}> = {...source.schema};
  const list = Object.entries(lookups).map(([alias, {source: other, on, columns}]): Lookup => {
    const problem = (message: string) => problems.push({path: alias, message});
    if (Object.keys(on).length === 0) problem(`It names no column of '${other.name}' to look up by.`);
    for (const [theirs, ours] of Object.entries(on as Record<string, string>)) {
      const [there, here] = [other.schema[theirs], source.schema[ours]];
      if (!there) problem(`'${other.name}' has no column '${theirs}'.`);
      else if (!here) problem(`'${source.name}' has no column '${ours}'.`);
      else if (there.type !== here.type)
        problem(
          `'${theirs}' of '${other.name}' is a ${there.type}, but '${ours}' of '${source.name}' is a ${here.type}.`,
        );
      else if (there.type !== 'string' && there.type !== 'int')
        problem(`'${theirs}' of '${other.name}' is a ${there.type}: rows are looked up by strings and integers.`);
    }
    for (const column of columns) {
      const declared = other.schema[column];
      const name = `${alias}_${column}`;
      if (!declared) problem(`'${other.name}' has no column '${column}'.`);
      else if (name in schema) problem(`'${source.name}' has a column '${name}' already.`);
      else schema[name] = {type: declared.type, nullable: true};
    }
    if (other.name === source.name)
      problem('A stream cannot be looked up in itself: aggregate it with last() instead.');
    return Object.freeze({alias, source: other, on: on as Record<string, string>, columns});
  });
  requireValid(`Joined stream of '${source.name}'`, problems);
  return Object.freeze({
    kind: 'joined',
    name: source.name,
    source: source as Source,
    lookups: Object.freeze(list),
    schema: Object.freeze(schema) as S & LookedUp<L>,
  });
}

/** The stream whose events a view aggregates, and what is looked up for each. */
export function baseOf(from: Source | Joined): {source: Source; lookups: readonly Lookup[]} {
  if (from.kind === 'joined') return {source: from.source, lookups: from.lookups};
  if (from.kind === 'source') return {source: from, lookups: []};
  throw new MillraceError('DEFINITION_INVALID', 'A view is made from a source or a joined stream.', {
    fix: "Give it what events() or joined() returned: {from: events('payments', …)}.",
  });
}
