// What the three file formats have in common once they are opened: a relation in SQL, the columns that stand
// in it, and for each declared column the expression of its value.
import type {TypeName} from '../../protocol/index.ts';
import type {ListColumn} from './vector-scan.ts';

/** Files of a source, ready to be selected from. */
export type Scan = {
  /** What follows FROM. */
  readonly relation: string;
  /** Columns that stand in the files, with their types as the engine calls them. */
  readonly found: ReadonlyMap<string, string>;
  /** Vectors that stand in the files as lists; absent if there are none. */
  readonly lists?: readonly ListColumn[];
  /** Must vectors be lists? Else columns of numbers will do. */
  readonly listsOnly?: true;
  /** May a column that is declared nullable be absent from the files? */
  readonly mayBeAbsent: boolean;
  /** Can a column found with a type hold values of the declared one at all? */
  readonly fits: (found: string, declared: TypeName) => boolean;
  /** Value of a column (a quoted name): null if it has none or if it cannot be converted. Times are epoch ms. */
  readonly value: (column: string, declared: TypeName, found: string) => string;
  /** Columns of these types may hold values that cannot be converted. */
  readonly convertible: (declared: TypeName, found: string) => boolean;
  /** The column as it stands in the file, as something `to_json` keeps whole. */
  readonly raw: (column: string) => string;
};
