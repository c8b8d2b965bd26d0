export type TriggerKind = 'performance' | 'calibration' | 'drift' | 'schedule' | 'manual';

export type RetrainOutcome = 'training' | 'gated' | 'shadow' | 'canary' | 'promoted' | 'rejected';

/** One thing that happened to a retrain, in words and figures. */
export type RetrainStep = {
  readonly at: number;
  readonly stage: 'trigger' | 'training' | 'gates' | 'shadow' | 'canary' | 'promotion' | 'rejection';
  readonly message: string;
  readonly figures: {readonly [name: string]: number | string | null};
};

/** A firing of a trigger and all that followed. */
export type Retrain = {
  readonly id: string;
  readonly model: string;
  readonly trigger: {readonly kind: TriggerKind; readonly reason: string; readonly alertId: string | null};
  readonly firedAt: number;
  /** Training occupies a declared stretch of time: the version exists from here on (UTC ms). */
  readonly availableAt: number;
  readonly finishedAt: number | null;
  readonly incumbent: number;
  readonly challenger: number | null;
  readonly outcome: RetrainOutcome;
  readonly steps: readonly RetrainStep[];
};
