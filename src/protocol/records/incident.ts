import type {Alert, AlertFeature, AlertSeverity, Estimate} from './monitoring.ts';

/** Where something went wrong, as far up the lineage as is known. */
export type IncidentCause = {
  readonly kind: 'source' | 'view' | 'request' | 'model' | 'service';
  readonly name: string;
};

/** All open alerts of one cause: what a person is told of, once. */
export type Incident = {
  readonly id: string;
  readonly model: string;
  readonly cause: IncidentCause;
  /** Of its gravest alert so far. */
  readonly severity: AlertSeverity;
  readonly title: string;
  /** What, since when, how big, what it may cost and what came before it, in sentences. */
  readonly summary: string;
  /** Start of the first window that shows it (UTC ms). */
  readonly since: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
  /** Ids of alerts, open and resolved, oldest first. */
  readonly alerts: readonly string[];
  /** Alerts that say nothing by themselves, because this cause explains them, with the reason. */
  readonly inhibited: readonly {readonly alert: string; readonly reason: string}[];
  /** By effect × importance × change of estimated performance, the largest first. */
  readonly features: readonly AlertFeature[];
  readonly slices: readonly string[];
  /** Change of the estimated or measured metric, such as AUC −0.03. */
  readonly change: ({readonly metric: string; readonly measured: boolean} & Estimate) | null;
  /** In the unit of the model's value policy, per window; null where it has none. */
  readonly cost: {readonly amount: number; readonly unit: string} | null;
  readonly lastDeploy: {readonly version: number; readonly at: number} | null;
  readonly owner: string;
  readonly runbook: string | null;
  readonly silencedBy: string | null;
  readonly acknowledgedBy: string | null;
  readonly feedback: {readonly verdict: 'useful' | 'noise'; readonly by: string; readonly at: number} | null;
  readonly timeline: readonly {readonly at: number; readonly message: string}[];
};

/** An incident with what it is made of and who was told. */
export type IncidentDetail = {
  readonly incident: Incident;
  /** Oldest first. */
  readonly alerts: readonly Alert[];
  /** Newest first. */
  readonly deliveries: readonly Delivery[];
};

/** Says nothing of what matches, from one time to another. */
export type Silence = {
  readonly id: string;
  readonly kind: 'silence' | 'maintenance';
  /** All that are given must match; `*` stands for any characters. */
  readonly matches: {
    readonly model?: string;
    readonly kind?: string;
    readonly subject?: string;
    readonly cause?: string;
  };
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly by: string;
};

/** A message on its way to people. Kept until it is delivered or given up. */
export type Delivery = {
  readonly id: string;
  readonly channel: string;
  readonly incident: string;
  readonly event: 'opened' | 'updated' | 'resolved' | 'test';
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly createdAt: number;
  /** When it is tried again; null when it will not be. */
  readonly nextAt: number | null;
  readonly deliveredAt: number | null;
  /** Why the last attempt failed; never with a secret in it. */
  readonly problem: string | null;
};

/** Of all incidents that somebody judged, those that were useful. */
export type AlertPrecision = {
  readonly model: string;
  readonly incidents: number;
  readonly useful: number;
  readonly noise: number;
  readonly precision: Estimate | null;
};

/** How much of an objective's budget of errors is spent. */
export type SloStatus = {
  readonly name: string;
  readonly model: string;
  readonly objective: string;
  /** Share of good events that is promised, such as 0.999. */
  readonly target: number;
  readonly windowMs: number;
  readonly good: number;
  readonly total: number;
  /** Share of the budget that is left, 1 to minus infinity; null before there was traffic. */
  readonly budgetLeft: number | null;
  /** How fast it burns: 1 would use it up at the end of the window. By the length of the stretch looked at (ms). */
  readonly burn: readonly {readonly overMs: number; readonly rate: number | null}[];
};
