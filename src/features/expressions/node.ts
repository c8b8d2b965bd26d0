import type {TypeName, Value} from '../../protocol/index.ts';
import type {FunctionName} from './functions.ts';

/**
 * An expression as data: it prints, hashes, and compiles to JavaScript closures and to SQL; it is never
 * evaluated as code text. Nulls: a call over a null is null, but for the functions that say otherwise.
 */
export type Node =
  | {readonly op: 'column'; readonly name: string; readonly type: TypeName}
  | {readonly op: 'literal'; readonly value: Value}
  | {readonly op: 'call'; readonly fn: FunctionName; readonly args: readonly Node[]};

/** Names of the columns that an expression reads, each once, in order of first use. */
export function columnsOf(node: Node): string[] {
  const names = new Set<string>();
  const visit = (n: Node): void => {
    if (n.op === 'column') names.add(n.name);
    else if (n.op === 'call') n.args.forEach(visit);
  };
  visit(node);
  return [...names];
}
