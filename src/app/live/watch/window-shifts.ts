import type {MaturedRow} from '../../../logs/index.ts';
import {
  estimateLabelShift,
  type MonitorPolicy,
  mixFit,
  nameShifts,
  outcomeChange,
  type ReferenceRows,
  type RowSample,
  type ShiftInput,
  schemaChecks,
} from '../../../monitoring/index.ts';
import type {MonitorWindow, Shift} from '../../../protocol/index.ts';

/** Windows that tell whether a change is sudden, gradual or of the season. */
const HISTORY = 40;
/** Chance below which another base rate is looked into. */
const ALPHA = 0.01;

type Evidence = Pick<ShiftInput, 'labelShift' | 'outcomes' | 'detections'>;

/** Names what moved in a window: when it closes, from inputs and scores; when it is scored, by what labels tell. */
export class WindowShifts {
  readonly #except: readonly string[];
  readonly #checks: ReadonlySet<string>;

  constructor({drift, quality}: MonitorPolicy) {
    this.#except = drift?.except ?? [];
    this.#checks = schemaChecks(quality);
  }

  /** `reference`: rows of the version that the sample is of; null where none are kept. */
  atClose(
    window: MonitorWindow,
    before: readonly MonitorWindow[],
    sample: RowSample,
    reference: ReferenceRows | null,
  ): Shift[] {
    const labelShift = reference && labelShiftOf(reference, sample, this.#except);
    return this.#name(window, before, {labelShift, outcomes: null, detections: []});
  }

  /** `rows`: of all versions, those without a label too. */
  whenScored(
    window: MonitorWindow,
    before: readonly MonitorWindow[],
    rows: readonly MaturedRow[],
    reference: ReferenceRows | null,
    detections: Evidence['detections'],
  ): Shift[] {
    const known = rows.filter(({label, version}) => label !== null && version === window.profile);
    const labelled = {
      scores: Float64Array.from(known, ({score}) => score),
      labels: Float64Array.from(known, ({label}) => label!),
    };
    const outcomes = reference && known.length > 0 ? outcomeChange(reference, labelled) : null;
    return this.#name(window, before, {labelShift: null, outcomes, detections});
  }

  #name(window: MonitorWindow, before: readonly MonitorWindow[], evidence: Evidence): Shift[] {
    const history = before.filter(({from}) => from < window.from).slice(-HISTORY);
    return nameShifts({
      ...evidence,
      window,
      history,
      except: this.#except,
      schemaChecks: this.#checks,
    });
  }
}

/** What scores tell of the base rate, where that seems to be another one. */
function labelShiftOf(
  reference: ReferenceRows,
  sample: RowSample,
  except: readonly string[],
): ShiftInput['labelShift'] {
  const estimate = estimateLabelShift(reference, sample.scores, {by: {kind: 'soft'}, of: sample.of});
  if (estimate.baseRate === null || estimate.pValue === null || estimate.pValue > ALPHA) return null;
  return {estimate, fit: mixFit(reference, sample, estimate.baseRate.value, except)};
}
