/** What a stage of a rollout measured, taken from the figures of the step that ended it. */
import type {Retrain, RetrainStep} from 'millrace/protocol';

/** Losses are means on the rows that both scored; the difference is challenger less champion, so below 0 is better. */
export type Evidence = {
  readonly at: number;
  /** `shadow`, `canary step 1`. */
  readonly stage: string;
  readonly metric: string;
  readonly rows: number;
  readonly stageRows: number | null;
  readonly challengerLoss: number | null;
  readonly championLoss: number | null;
  readonly challengerAuc: number | null;
  readonly championAuc: number | null;
  readonly difference: number;
  /** Limits of a confidence sequence: they hold however often one looks. Null while they are infinite. */
  readonly low: number | null;
  readonly high: number | null;
  readonly margin: number;
  readonly errors: number | null;
};

/** Null for a step that compared nothing. */
export function evidenceOf({at, figures}: RetrainStep): Evidence | null {
  const number = (name: string) => {
    const value = figures[name];
    return typeof value === 'number' ? value : null;
  };
  const [difference, margin, rows] = [number('difference'), number('margin'), number('pairedRows')];
  if (difference === null || margin === null || rows === null) return null;
  return {
    at,
    stage: String(figures.stage ?? ''),
    metric: figures.metric === 'brier' ? 'Brier score' : 'log loss',
    rows,
    stageRows: number('stageRows'),
    challengerLoss: number('challengerLoss'),
    championLoss: number('championLoss'),
    challengerAuc: number('challengerAuc'),
    championAuc: number('championAuc'),
    difference,
    low: number('differenceLow'),
    high: number('differenceHigh'),
    margin,
    errors: number('challengerErrors'),
  };
}

/** That of every stage that ended, oldest first. */
export const evidencesOf = (retrain: Retrain): readonly Evidence[] =>
  retrain.steps.flatMap(step => evidenceOf(step) ?? []);
