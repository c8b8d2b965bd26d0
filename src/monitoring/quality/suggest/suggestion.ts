import {type QualityCheck, type QualityCheckInput, served} from '../definitions/quality-check.ts';
import {callText} from './source-text.ts';

/** A check that the training rows speak for. */
export type Suggestion = {
  /** The column that it is about. */
  readonly column: string;
  readonly check: QualityCheck;
  /** What was seen, in words. */
  readonly why: string;
  /** TypeScript that makes the check. */
  readonly code: string;
};

/** What each suggestion is made of: the constructor's name, its arguments, and the settings that differ. */
export type Made<A extends readonly unknown[]> = {
  readonly make: (...args: A) => QualityCheckInput;
  readonly call: string;
  readonly args: A;
  readonly mostly?: number;
  readonly minRows?: number;
  readonly why: string;
};

/** A suggestion opens a ticket: only people say what is a contract. */
export function suggestion<A extends readonly unknown[]>(column: string, made: Made<A>): Suggestion {
  const {make, call, args, mostly, minRows, why} = made;
  const inner = make(...args);
  const settings = {
    ...(mostly === undefined ? {} : {mostly}),
    ...(minRows === undefined ? {} : {minRows}),
    ...(served(inner).severity === 'ticket' ? {} : {severity: 'ticket' as const}),
  };
  const code = callText(call, args);
  const plain = Object.keys(settings).length === 0;
  return {
    column,
    check: served(inner, settings),
    why,
    code: plain ? code : `served(${code}, ${callText('', [settings]).slice(1)}`,
  };
}
