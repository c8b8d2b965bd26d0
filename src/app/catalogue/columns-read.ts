// Which columns of which streams a view reads, and what for.
import type {FeatureView, Measure, Node} from '../../features/index.ts';
import type {TypeName} from '../../protocol/index.ts';
import type {StoredView} from './stored-view.ts';

export type ColumnRead = {
  /** The stream that the column stands in: of a column that is looked up, the other stream. */
  readonly stream: string;
  readonly column: string;
  readonly type: TypeName;
};

type Lookups = readonly {readonly alias: string; readonly source: string; readonly columns: readonly string[]}[];

/** Column nodes of an expression, each name once. */
export function columnNodes(node: Node | null): Extract<Node, {readonly op: 'column'}>[] {
  const nodes = new Map<string, Extract<Node, {readonly op: 'column'}>>();
  const visit = (n: Node): void => {
    if (n.op === 'column') nodes.set(n.name, n);
    else if (n.op === 'call') n.args.forEach(visit);
  };
  if (node) visit(node);
  return [...nodes.values()];
}

/** Where a column that a view names stands: `shop_country` of a join is `country` of the stream looked up. */
export function originOf(name: string, stream: string, lookups: Lookups): {stream: string; column: string} {
  for (const {alias, source, columns} of lookups)
    for (const column of columns) if (name === `${alias}_${column}`) return {stream: source, column};
  return {stream, column: name};
}

/** What a feature aggregates: its measure, and what that is divided by. */
export const measuresOf = (feature: Measure & {readonly divisor: Measure | null}): Measure[] =>
  feature.divisor ? [feature, feature.divisor] : [feature];

/** Every column that a stored view needs, with its type when it was stored. */
export function columnsRead(stored: StoredView): ColumnRead[] {
  const all = new Map<string, ColumnRead>();
  const add = (name: string, type: TypeName) => {
    const read = {...originOf(name, stored.source.name, stored.lookups), type};
    all.set(`${read.stream}.${read.column}`, read);
  };
  for (const {column, type} of stored.keys) add(column, type);
  for (const feature of stored.features)
    for (const {input, where} of measuresOf(feature))
      for (const {name, type} of [...columnNodes(input), ...columnNodes(where)]) add(name, type);
  return [...all.values()];
}

/** Names of lookups as `originOf` takes them. */
export const lookupsOf = ({lookups}: FeatureView): Lookups =>
  lookups.map(({alias, source, columns}) => ({alias, source: source.name, columns}));
