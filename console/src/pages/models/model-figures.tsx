import type {ModelVersion} from 'millrace/protocol';
import {compact, interval, percent, ratio} from '../../format/numbers.ts';
import {Figure, Figures} from '../../parts/figures.tsx';

/** Figures of the champion (else the newest), with their trend over versions. */
export function ModelFigures({versions}: {versions: readonly ModelVersion[]}) {
  const oldest = [...versions].sort((a, b) => a.version - b.version);
  const shown = oldest.find(version => version.status === 'champion') ?? oldest.at(-1);
  if (!shown) return null;
  const {metrics} = shown;
  const who = `v${shown.version}, ${compact(metrics.rows)} test rows`;
  return (
    <Figures>
      <Figure
        title="AUC"
        value={ratio(metrics.auc)}
        trend={oldest.map(version => version.metrics.auc)}
        note={`${interval(metrics.aucLow, metrics.aucHigh)}, ${who}`}
      />
      <Figure
        title="Log loss"
        value={ratio(metrics.logLoss)}
        trend={oldest.map(version => version.metrics.logLoss)}
        note={who}
      />
      <Figure
        title="PR-AUC"
        value={ratio(metrics.prAuc)}
        trend={oldest.map(version => version.metrics.prAuc)}
        note={`base rate ${ratio(metrics.baseRate)}`}
      />
      <Figure
        title="Calibration error"
        value={ratio(metrics.ece)}
        trend={oldest.map(version => version.metrics.ece)}
        note={`predicted ${percent(metrics.meanPrediction)}, came ${percent(metrics.baseRate)}`}
      />
    </Figures>
  );
}
