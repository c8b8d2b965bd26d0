/** What the answers are worth: what was estimated and what came, by version and by slice, and how far labels have come. */
import type {MonitorWindow} from 'millrace/protocol';
import {formatDuration} from 'millrace/protocol';
import {Forest} from '../../../charts/forest.tsx';
import {compact, count, percent, ratio} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {Empty} from '../../../parts/empty.tsx';
import {Section} from '../../../parts/page.tsx';
import {CalibrationChart} from '../../../windows/window-charts.tsx';
import {EstimateTable} from './estimate-table.tsx';
import type {LevelProps} from './levels.tsx';
import {SlicesTable} from './slices-table.tsx';
import {VersionsTable} from './versions-table.tsx';

export function PerformanceLevel(props: LevelProps) {
  const {window, windows} = props;
  const scored = windows.some(({performance}) => performance !== null);
  return (
    <>
      <Labels window={window} />
      {!scored && (
        <Empty
          title="No labels have matured"
          text="Performance is measured when every label window of a window has closed. Labels are read from the events of the model's label: push them as they happen. Until then the estimate stands in."
          command="npx millrace ingest"
          docs="docs/rooms/labels.md"
        />
      )}
      <div className="columns">
        <EstimateTable window={window} />
        {window.byVersion.length > 0 && <VersionsTable window={window} />}
      </div>
      <Slices {...props} />
      <Section title="Calibration">
        <CalibrationChart {...props} />
      </Section>
    </>
  );
}

/** How far the labels of the window had come, at each time that it was looked at. */
function Labels({window}: {window: MonitorWindow}) {
  const times = useTimes();
  const {performance, labels = []} = window;
  const seen = labels.map(({ageMs, labelled, pending, provisional}) => {
    const share = labelled + pending === 0 ? null : labelled / (labelled + pending);
    const auc = provisional?.auc == null ? '' : `, AUC ${ratio(provisional.auc)} so far`;
    return `${ageMs === 0 ? 'at its close' : `${formatDuration(ageMs)} later`} ${percent(share)}${auc}`;
  });
  const sentence = performance
    ? `Complete: ${count(performance.labelled)} predictions have a label, ${count(performance.unknown)} will never have one. Scored ${times.minute(performance.scoredAt)} ${times.zoneName}.`
    : 'Not complete: what is known so far is a biased sample, since labels that come early are not like the rest.';
  return (
    <p className="labels">
      <strong>Labels.</strong> {sentence}
      {seen.length > 0 && <span className="muted"> Labelled {seen.join('; ')}.</span>}
    </p>
  );
}

function Slices({window, windows}: LevelProps) {
  const scored = window.performance !== null;
  // Labels of the newest window are not there yet: the newest that has some speaks for its slices.
  const shown = scored ? window : (windows.findLast(one => one.performance !== null && one.slices) ?? window);
  const slices = shown.slices ?? [];
  const times = useTimes();
  if (slices.length === 0)
    return (
      <Section title="Slices">
        <Empty
          title="Parts of the traffic, told apart"
          text="A model that is good on the whole may be poor for some. Name features or fields whose values split the traffic."
          command="monitor: monitorPolicy({slices: ['origin']})"
          docs="docs/rooms/monitoring.md"
        />
      </Section>
    );
  const measured = slices.flatMap(({feature, value, performance}) =>
    performance === null ? [] : [{feature, value, metrics: performance}],
  );
  const overall = shown.performance?.overall.auc ?? null;
  const below = measured.filter(
    ({metrics}) => overall !== null && metrics.aucHigh !== null && metrics.aucHigh < overall,
  );
  const title =
    below.length === 0
      ? 'No slice lies below the whole'
      : `${below
          .map(({feature, value}) => `${feature} ${value}`)
          .slice(0, 3)
          .join(', ')} below the whole`;
  return (
    <div className="columns">
      {measured.length > 0 && (
        <Section
          title="By slice"
          aside={`window of ${times.short(shown.from)}, ${compact(shown.predictions)} predictions`}
        >
          <Forest title={title} slices={measured} overall={overall} />
        </Section>
      )}
      <SlicesTable slices={window.slices ?? []} />
    </div>
  );
}
