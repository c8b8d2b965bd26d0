import type {JsonValue} from '../../protocol/index.ts';

/** Why a row is not let in: the check it broke, a sentence for its sender, the offending value as text. */
export type Reason = {readonly check: string; readonly message: string; readonly example: string};

/** A refused row by its index in what was pushed. */
export type Refusal = Reason & {readonly index: number};

/** A refused row, whole. `texts`: its values are text as a file has them, whatever their declared types. */
export type RefusedRow = Reason & {readonly row: JsonValue; readonly texts?: true};
