/** What was answered: how much, by whom, and whether answers look like those on the test split. */
import type {DriftReport} from 'millrace/protocol';
import {TimeChart} from '../../../charts/time-chart.tsx';
import {count, ratio, ratioTick} from '../../../format/numbers.ts';
import {Status} from '../../../parts/meaning.tsx';
import {DRIFT_LEVEL} from '../../../windows/drift.ts';
import {CalibrationChart, useAxis, VolumeChart} from '../../../windows/window-charts.tsx';
import type {LevelProps} from './levels.tsx';
import {LoopSection} from './loop-section.tsx';

export function PredictionsLevel(props: LevelProps) {
  const {window} = props;
  return (
    <>
      <p className="labels">
        <Status level={DRIFT_LEVEL[window.prediction.verdict]} word={driftSentence(window.prediction)} />{' '}
        <span className="muted">
          Mean {ratio(window.meanPrediction)} over {count(window.predictions)} predictions
          {window.displaced ? `, ${count(window.displaced)} of them stamped for another time` : ''}.
        </span>
      </p>
      <div className="columns">
        <PredictionDriftChart {...props} />
        <CalibrationChart {...props} />
      </div>
      <VolumeChart {...props} />
      <LoopSection {...props} />
    </>
  );
}

function driftSentence({verdict, effect, rows, needed}: DriftReport): string {
  if (verdict === 'insufficient data')
    return `Too few predictions to tell whether they drift: ${count(rows)}, ${needed == null ? 'and the reference has too few' : `${count(needed)} are needed`}.`;
  return verdict === 'drift'
    ? `Predictions differ from those on the test split, PSI ${ratio(effect)}.`
    : `Predictions look like those on the test split, PSI ${ratio(effect)}.`;
}

function PredictionDriftChart(props: LevelProps) {
  const {windows} = props;
  const {frame, at} = useAxis(props);
  const reports = windows.map(({prediction}) => prediction);
  const drifted = reports.filter(({verdict}) => verdict === 'drift').length;
  return (
    <TimeChart
      {...frame}
      title={
        drifted === 0
          ? 'Predictions never drifted in these windows'
          : `Predictions drifted in ${drifted} of ${windows.length} windows`
      }
      axis="de-biased PSI of predictions against the test split; from 0"
      series={[
        {
          label: 'PSI',
          values: reports.map(({verdict, effect}) => (verdict === 'insufficient data' ? null : effect)),
          colour: '--accent',
        },
      ]}
      zero
      format={ratioTick}
      readout={i => {
        const report = reports[i];
        return report ? `${at(i)}: ${report.verdict}, PSI ${ratio(report.effect)}, n\u00a0${count(report.rows)}` : '';
      }}
    />
  );
}
