/** How its values look against the training set, and how that moved. */
import type {FeatureHistogram, FeatureRecord, ModelDetail, MonitorWindow} from 'millrace/protocol';
import {Histogram} from '../../../charts/histogram.tsx';
import {TimeChart} from '../../../charts/time-chart.tsx';
import {useDistributions} from '../../../data/queries.ts';
import {count, plural, ratio, ratioTick} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {useRange, within} from '../../../frame/range.ts';
import {Section} from '../../../parts/page.tsx';
import {Bone} from '../../../parts/skeleton.tsx';
import {reportOf} from '../../../windows/drift.ts';
import {extentOf, marksOf, middle} from '../../../windows/timeline.ts';

type Props = {
  readonly feature: FeatureRecord;
  readonly model: string | null;
  readonly windows: readonly MonitorWindow[];
  readonly detail: ModelDetail | null;
};

export function DriftPanel({feature, model, windows, detail}: Props) {
  const times = useTimes();
  const {range} = useRange();
  const distributions = useDistributions(model, windows.at(-1)?.id ?? null);
  const histogram = distributions.data?.find(candidate => candidate.feature === feature.name) ?? null;
  const newest = windows.at(-1);
  const report = reportOf(newest, feature.name);
  const shown = within(windows, range);
  return (
    <>
      <Section title="Distribution" aside={newest && `training set against ${times.day(newest.from)}`}>
        {distributions.isPending && model !== null ? (
          <Bone height={300} />
        ) : histogram ? (
          <Histogram histogram={histogram} title={distributionTitle(histogram, report?.verdict ?? null)} />
        ) : (
          <p className="muted">
            No window has been monitored for this feature, so there is nothing to compare with its training set.
          </p>
        )}
      </Section>
      {detail && shown.some(window => reportOf(window, feature.name)) && (
        <Section title="Drift over time" aside={plural(shown.length, 'window')}>
          <DriftChart feature={feature.name} windows={shown} detail={detail} />
        </Section>
      )}
    </>
  );
}

function distributionTitle({kind}: FeatureHistogram, verdict: string | null): string {
  const what = kind === 'numeric' ? 'Values' : 'Categories';
  return verdict === 'drift'
    ? `${what} have moved away from the training set`
    : verdict === 'stable'
      ? `${what} look like the training set`
      : `${what} against the training set`;
}

function DriftChart({
  feature,
  windows,
  detail,
}: {
  feature: string;
  windows: readonly MonitorWindow[];
  detail: ModelDetail;
}) {
  const times = useTimes();
  const {brush} = useRange();
  const reports = windows.map(window => reportOf(window, feature));
  const drifted = reports.filter(report => report?.verdict === 'drift').length;
  return (
    <TimeChart
      title={drifted === 0 ? 'Never drifted in these windows' : `Drifted in ${drifted} of ${windows.length} windows`}
      axis="de-biased PSI against the training set; from 0"
      times={windows.map(middle)}
      series={[
        {
          label: 'PSI',
          values: reports.map(report =>
            report === null || report.verdict === 'insufficient data' ? null : report.effect,
          ),
          colour: '--accent',
        },
      ]}
      marks={marksOf(detail, [])}
      extent={extentOf(windows)}
      zero
      format={ratioTick}
      readout={i => {
        const report = reports[i];
        return `${times.day(windows[i]?.from ?? null)} ${times.zoneName}: ${report ? `${report.verdict}, PSI ${ratio(report.effect)}, n\u00a0${count(report.rows)}` : 'not measured'}`;
      }}
      sync={`feature ${feature}`}
      onBrush={brush}
    />
  );
}
