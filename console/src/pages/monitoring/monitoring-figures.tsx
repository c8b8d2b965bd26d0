import type {AlertPrecision, ModelDetail, MonitorWindow, SloStatus} from 'millrace/protocol';
import {compact, count, interval, percent, plural, ratio} from '../../format/numbers.ts';
import {type Times, useTimes} from '../../format/times.ts';
import {Figure, Figures} from '../../parts/figures.tsx';
import {driftOf, importancesOf} from '../../windows/important.ts';
import {estimatedAuc} from '../../windows/performance-chart.tsx';

type Props = {
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail;
  readonly slos: readonly SloStatus[];
  readonly precision: AlertPrecision | null;
};

/** The six figures that matter; each opens what it was computed from. */
export function MonitoringFigures({windows, detail, slos, precision}: Props) {
  const times = useTimes();
  const newest = windows.at(-1);
  const {matter, others} = driftOf(newest, importancesOf(detail, newest));
  const tightest = slos
    .filter(slo => slo.budgetLeft !== null)
    .sort((a, b) => (a.budgetLeft ?? 0) - (b.budgetLeft ?? 0))[0];
  return (
    <Figures>
      <Figure
        title="Predictions"
        value={compact(newest?.predictions)}
        trend={windows.map(window => window.predictions)}
        note={newest ? `in the window of ${times.short(newest.from)}` : 'none yet'}
        to="/monitoring?level=predictions#levels"
      />
      <Figure
        title="AUC"
        {...aucOf(windows, times)}
        trend={windows.map(window => window.performance?.overall.auc ?? estimatedAuc(window)?.value ?? null)}
        to="/monitoring#levels"
      />
      <Figure
        title="Labels pending"
        {...pendingOf(windows, times)}
        trend={windows.map(pendingShare)}
        to="/monitoring#levels"
      />
      <Figure
        title="Drift that matters"
        value={count(matter.length)}
        trend={windows.map(window => driftOf(window, importancesOf(detail, window)).matter.length)}
        note={newest ? driftNote(newest.drift.length, others.length) : ''}
        to="/monitoring?level=features#levels"
      />
      <Figure
        title="Error budget left"
        value={tightest ? percent(Math.max(0, tightest.budgetLeft ?? 0)) : '–'}
        note={
          tightest
            ? `${tightest.name}: ${tightest.objective}`
            : slos.length === 0
              ? 'no objective is declared'
              : 'no traffic counted yet'
        }
        to="/monitoring?level=software#levels"
      />
      <Figure
        title="Alert precision"
        value={precision?.precision ? percent(precision.precision.value) : '–'}
        note={precisionNote(precision)}
        to="/monitoring#incidents"
      />
    </Figures>
  );
}

const driftNote = (all: number, others: number): string =>
  others === 0 ? `of ${all} features` : `of ${all} features; ${others} more ${others === 1 ? 'drifts' : 'drift'}`;

function aucOf(windows: readonly MonitorWindow[], times: Times): {value: string; unit?: string; note: string} {
  const mature = windows.findLast(window => window.performance?.overall.auc != null);
  const overall = mature?.performance?.overall;
  const newest = windows.at(-1);
  const estimate = estimatedAuc(newest);
  const thought = estimate ? `estimated ${ratio(estimate.value)} ${interval(estimate.low, estimate.high)}` : '';
  if (mature && overall)
    return {
      value: ratio(overall.auc),
      unit: interval(overall.aucLow, overall.aucHigh),
      note: `measured, ${times.short(mature.from)}${mature !== newest && thought !== '' ? `; ${thought} now` : ''}`,
    };
  if (estimate && newest)
    return {
      value: ratio(estimate.value),
      unit: interval(estimate.low, estimate.high),
      note: `estimated, ${times.short(newest.from)}; no labels are mature yet`,
    };
  return {value: '–', note: 'no mature labels yet'};
}

/** Of the predictions of a window, those whose label may still come; null where that was not counted. */
function pendingShare({labels, performance}: MonitorWindow): number | null {
  if (performance) return 0;
  const last = labels?.at(-1);
  const all = last ? last.labelled + last.pending : 0;
  return last && all > 0 ? last.pending / all : null;
}

function pendingOf(windows: readonly MonitorWindow[], times: Times): {value: string; note: string} {
  const newest = windows.at(-1);
  const mature = windows.findLast(window => window.performance !== null);
  const matured = mature?.performance
    ? `${compact(mature.performance.labelled)} of ${compact(mature.predictions)} matured, ${times.short(mature.from)}`
    : 'none has matured yet';
  const share = newest ? pendingShare(newest) : null;
  return {value: share === null ? '–' : percent(share), note: share === null ? `not counted; ${matured}` : matured};
}

function precisionNote(precision: AlertPrecision | null): string {
  if (precision === null) return '';
  const {incidents, useful, noise, precision: share} = precision;
  if (incidents === 0) return 'no incident so far';
  if (share === null) return `none of ${plural(incidents, 'incident')} is judged: useful, or noise?`;
  return `${interval(share.low, share.high, 2)}; ${useful} useful, ${noise} noise of ${incidents}`;
}
