import type {MonitorWindow, Shift} from '../../protocol/index.ts';
import {covariateShift} from './covariate-shift.ts';
import {type OutcomeEvidence, outcomeShift} from './outcome-shift.ts';
import {schemaShift} from './schema-shift.ts';

export type ShiftInput = OutcomeEvidence & {
  /** The window that is judged: when it closes, and again when it is scored. */
  readonly window: MonitorWindow;
  /** Windows before it with the shifts that were named, oldest first; a month of them tells a pattern. */
  readonly history: readonly MonitorWindow[];
  /** Features that differ in every window, such as the weekday. */
  readonly except: readonly string[];
  /** Names of the quality checks that are about what a column holds (`schemaChecks`). */
  readonly schemaChecks: ReadonlySet<string>;
};

/**
 * What moved, by its name, gravest first: schema, concept or label, covariate. What a name explains is not named again:
 * columns that changed their kind are no covariate shift, and the scores that they spoil say nothing of outcomes; under
 * label shift inputs follow the mix of the classes.
 */
export function nameShifts(input: ShiftInput): Shift[] {
  const windows = [...input.history, input.window];
  const schema = schemaShift(windows, input.schemaChecks);
  const outcome = schema === null ? outcomeShift(windows, input) : null;
  const excluded = new Set([...input.except, ...(schema?.subjects ?? [])]);
  const covariate = outcome?.kind === 'label' ? null : covariateShift(windows, excluded);
  return [schema, outcome, covariate].filter(shift => shift !== null);
}
