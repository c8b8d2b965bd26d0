import type {JsonValue} from '../json.ts';

/** A prediction that the model was too unsure of, for people to decide. */
export type Review = {
  /** Id of the prediction. */
  readonly id: string;
  readonly model: string;
  readonly at: number;
  readonly version: number;
  /** What the model leant to. */
  readonly score: number;
  readonly request: {readonly [field: string]: JsonValue};
  readonly state: 'open' | 'decided';
  /** 1 or 0; null while it is open. */
  readonly decision: number | null;
  readonly by: string | null;
  readonly decidedAt: number | null;
};
