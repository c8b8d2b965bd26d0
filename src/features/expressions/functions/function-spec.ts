// What one function of the expression language is: its types, and its form in each language.
import type {TypeName, Value} from '../../../protocol/index.ts';

export type Dialect = 'duckdb' | 'spark';

/**
 * What an argument may be. `number` includes integers; `ordered` is a number, a string or a time; `zone` is
 * a name of the tz database; `pattern` is a regular expression of `regex.ts`, always a literal.
 */
export type Kind = 'number' | 'string' | 'bool' | 'time' | 'ordered' | 'any' | 'zone' | 'pattern';

type Sql = (...args: string[]) => string;

/**
 * One function in its forms. All agree, on nulls, x / 0 and overflow too: a call over a null is null unless
 * `nulls` is set, and a result that is no finite number is null.
 */
export type FunctionSpec = {
  readonly takes: readonly Kind[];
  /** The last kind of `takes` may come any number of times more. */
  readonly rest?: true;
  /** Positions whose types must be the same (number and int count as one); `all` for every one. */
  readonly alike?: readonly number[] | 'all';
  /** `alike`: the type that those arguments share. */
  readonly result: TypeName | 'alike';
  /** Sees nulls itself. */
  readonly nulls?: true;
  readonly js: (...args: never[]) => Value;
  /** Where all arguments but the first are literals: work that is done once, and a function of the first. */
  readonly prepare?: (...literals: never[]) => (first: never) => Value;
  /** One form for both dialects, or one for each. */
  readonly sql: Sql | {readonly duckdb: Sql; readonly spark: Sql};
  /** SQL may give NaN or an infinity, which becomes null. */
  readonly overflows?: true;
  /** So many first arguments pass their own NaN or infinity on to the result: they need no guard of their own. */
  readonly carries?: number;
  readonly text: Sql;
  /** `text` is in parentheses, which the outermost call goes without. */
  readonly infix?: true;
};

export const infixText =
  (sign: string): Sql =>
  (a, b) =>
    `(${a} ${sign} ${b})`;

export const prefixText =
  (name: string): Sql =>
  (...args) =>
    `${name}(${args.join(', ')})`;

/** Infinities and NaN are no values: what overflows is null, as x / 0 is. */
export const finite = (x: number): number | null => (x - x === 0 ? x : null);
