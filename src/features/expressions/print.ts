import {functionSpec} from './functions.ts';
import type {Node} from './node.ts';

/** An expression in words, as the catalogue, diffs and errors show it. */
export function printExpression(node: Node): string {
  const text = printInside(node);
  return node.op === 'call' && functionSpec(node.fn).infix ? text.slice(1, -1) : text;
}

function printInside(node: Node): string {
  if (node.op === 'column') return node.name === '_at' ? 'query time' : node.name;
  if (node.op === 'literal') return typeof node.value === 'string' ? `'${node.value}'` : String(node.value);
  return functionSpec(node.fn).text(...node.args.map(printInside));
}
