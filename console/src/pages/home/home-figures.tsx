import type {Overview} from 'millrace/protocol';
import {useLive} from '../../data/live.tsx';
import {compact, count, plural, ratio} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Figure, Figures} from '../../parts/figures.tsx';

/** The figures that answer "is it healthy", with their trend over windows. */
export function HomeFigures({overview, model}: {overview: Overview; model: string}) {
  const {tick} = useLive();
  const times = useTimes();
  const summary = overview.models.find(candidate => candidate.model === model);
  const windows = summary?.windows ?? [];
  const mature = windows.findLast(window => window.auc !== null);
  const newest = windows.at(-1);
  const bias = windows.map(window => (window.baseRate ? window.meanPrediction / window.baseRate : null));
  const lastBias = bias.findLast(value => value !== null);
  const promoted = overview.retrains.filter(retrain => retrain.outcome === 'promoted').length;
  const {consistency} = overview;
  return (
    <Figures>
      <Figure
        title="Predictions"
        value={compact(tick?.predictions ?? overview.predictions)}
        trend={windows.map(window => window.predictions)}
        note={newest ? `${compact(newest.predictions)} in the newest window` : 'none yet'}
        to="/serving"
      />
      <Figure
        title="AUC"
        value={ratio(summary?.auc)}
        trend={windows.map(window => window.auc)}
        note={mature ? `window of ${times.short(mature.from)}` : 'no mature labels yet'}
        to="/monitoring"
      />
      <Figure
        title="Predicted / came"
        value={ratio(lastBias, 2)}
        trend={bias}
        note={mature ? `1 is calibrated; ${times.short(mature.from)}` : 'no mature labels yet'}
        to="/monitoring"
      />
      <Figure
        title="Champion"
        value={summary?.champion == null ? '–' : `v${summary.champion}`}
        note={`of ${plural(summary?.versions ?? 0, 'version')}`}
        to={summary?.champion == null ? '/models' : `/models/${encodeURIComponent(model)}/${summary.champion}`}
      />
      <Figure
        title="Retrains"
        value={count(overview.retrains.length)}
        note={`${promoted} promoted`}
        to="/experiments"
      />
      {consistency && (
        <Figure
          title="Served ≠ recomputed"
          value={consistency.values > 0 ? compact(consistency.mismatches) : '–'}
          note={consistency.values > 0 ? `of ${compact(consistency.values)} feature values` : 'nothing compared yet'}
          to="/monitoring/consistency"
        />
      )}
    </Figures>
  );
}
