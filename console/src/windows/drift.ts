/** Drift as words and levels. */
import type {DriftReport, DriftVerdict, MonitorWindow} from 'millrace/protocol';
import type {Level} from '../parts/meaning.tsx';

export const DRIFT_LEVEL: Record<DriftVerdict, Level> = {
  stable: 'good',
  drift: 'watch',
  'insufficient data': 'unknown',
};

export function reportOf(window: MonitorWindow | undefined, subject: string): DriftReport | null {
  if (!window) return null;
  return subject === 'prediction'
    ? window.prediction
    : (window.drift.find(report => report.subject === subject) ?? null);
}

export const drifting = (window: MonitorWindow | undefined): readonly DriftReport[] =>
  window?.drift.filter(report => report.verdict === 'drift') ?? [];
