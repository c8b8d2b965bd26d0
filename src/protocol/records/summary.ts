import type {DatasetRecord, EvaluationReport} from './evaluation.ts';
import type {StreamRecord} from './feature.ts';
import type {ModelVersion, ReleasePlan} from './model-version.ts';
import type {Alert, MonitorWindow} from './monitoring.ts';
import type {Retrain} from './retrain.ts';

export type StageRecord = {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Wall clock. */
  readonly seconds: number;
  readonly rows: number;
  readonly rowsPerSecond: number | null;
  readonly message: string;
};

export type FeatureConsistency = {
  readonly feature: string;
  readonly compared: number;
  readonly mismatches: number;
  /** Served null, recomputed a value. */
  readonly missing: number;
  /** Served a value, recomputed null. */
  readonly extra: number;
  readonly maxDifference: number;
};

export type ConsistencyReport = {
  readonly predictions: number;
  readonly values: number;
  readonly mismatches: number;
  readonly features: readonly FeatureConsistency[];
  readonly seconds: number;
};

/** All that a run of the whole loop measured: printed by `--json`, shown by the console. */
export type RunSummary = {
  readonly project: string;
  readonly rows: number;
  readonly startedAt: string;
  readonly finished: boolean;
  /** The injected clock (UTC ms). */
  readonly clock: number;
  readonly replay: {
    readonly from: number;
    readonly to: number;
    readonly predictions: number;
    readonly overHttp: number;
    readonly landed: number;
  } | null;
  readonly policy: readonly string[];
  readonly stages: readonly StageRecord[];
  readonly streams: readonly StreamRecord[];
  readonly dataset: DatasetRecord | null;
  readonly evaluation: EvaluationReport | null;
  readonly versions: readonly ModelVersion[];
  readonly plan: ReleasePlan | null;
  readonly windows: readonly MonitorWindow[];
  readonly alerts: readonly Alert[];
  readonly retrains: readonly Retrain[];
  readonly promotions: readonly {readonly version: number; readonly at: number; readonly reason: string}[];
  readonly consistency: ConsistencyReport | null;
  readonly peakMemoryMb: number;
  readonly seconds: number;
};
