/** Monitoring: does it still do what its test set promised, and if not, since when and why. */
import type {Alert, ModelDetail, MonitorWindow, Overview} from 'millrace/protocol';
import {HeatStrip} from '../../charts/heat-strip.tsx';
import {Await} from '../../data/await.tsx';
import {useAlerts, useModel, useModelDetail, useOverview, useWindows} from '../../data/queries.ts';
import {count, plural, ratio, signed} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {listed} from '../../format/words.ts';
import {useRange, within} from '../../frame/range.ts';
import {useParam} from '../../frame/url-state.ts';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {ModelChoice} from '../../parts/model-choice.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import {AlertList} from '../../windows/alert-list.tsx';
import {drifting} from '../../windows/drift.ts';
import {expectedAuc} from '../../windows/timeline.ts';
import {AucChart, CalibrationChart, LatencyChart, MarksKey, VolumeChart} from '../../windows/window-charts.tsx';
import {WindowsTable} from './windows-table.tsx';

export function MonitoringPage() {
  const overview = useOverview();
  const {model} = useModel();
  return (
    <Await reads={{overview}} title="Monitoring">
      {got => (model === null ? <NothingMonitored /> : <ModelMonitoring model={model} overview={got.overview} />)}
    </Await>
  );
}

function NothingMonitored() {
  return (
    <Page
      title="Monitoring"
      verdict={{level: 'unknown', sentence: 'Nothing has been predicted, so nothing is monitored.'}}
    >
      <Empty
        title="Windows will stand here"
        text="Volume, latency, drift, and quality as labels mature, with the alerts that they raised."
        command="npx millrace monitor"
        docs="docs/rooms/monitoring.md"
      />
    </Page>
  );
}

function ModelMonitoring({model, overview}: {model: string; overview: Overview}) {
  const windows = useWindows(model);
  const detail = useModelDetail(model);
  const alerts = useAlerts();
  return (
    <Await reads={{windows, detail, alerts}} title="Monitoring">
      {got => (got.windows.length === 0 ? <NothingMonitored /> : <MonitoringContent {...got} overview={overview} />)}
    </Await>
  );
}

type ContentProps = {
  readonly overview: Overview;
  readonly detail: ModelDetail;
  readonly windows: readonly MonitorWindow[];
  readonly alerts: readonly Alert[];
};

function MonitoringContent({overview, detail, windows, alerts}: ContentProps) {
  const {range} = useRange();
  const [chosen] = useParam('alert');
  const shown = within(windows, range);
  const own = alerts.filter(alert => alert.model === detail.model);
  const charts = {windows: shown, detail, alerts: own};
  const open = own.filter(alert => alert.resolvedAt === null).length;
  const subjects = ['prediction', ...new Set(windows.flatMap(window => window.drift.map(report => report.subject)))];
  return (
    <Page title="Monitoring" verdict={verdictOf(windows, detail, own)}>
      <ModelChoice />
      <MonitoringFigures windows={windows} alerts={own} />
      <p>
        <Go to="/monitoring/consistency">Consistency: served features against what the event log gives</Go>
      </p>
      {own.length > 0 && (
        <Section id="alerts" title="Alerts" aside={`${open} open, ${own.length - open} resolved`}>
          <AlertList alerts={own} clock={overview.clock} chosen={chosen} />
        </Section>
      )}
      {shown.length === 0 ? (
        <p className="muted">No window lies in this time range. Choose a longer one in the bar above.</p>
      ) : (
        <>
          <Section title="Over time" aside={`${plural(shown.length, 'window')}, one cursor for all charts`}>
            <AucChart {...charts} height={220} />
            <div className="columns">
              <CalibrationChart {...charts} />
              <VolumeChart {...charts} />
            </div>
            <LatencyChart {...charts} height={150} />
            <MarksKey />
          </Section>
          <Section title="Drift" aside="PSI against the training set, a cell a window">
            <HeatStrip windows={shown} subjects={subjects} />
          </Section>
          <WindowsTable windows={shown} />
        </>
      )}
    </Page>
  );
}

function verdictOf(windows: readonly MonitorWindow[], detail: ModelDetail, alerts: readonly Alert[]) {
  const index = windows.findLastIndex(window => window.performance !== null);
  const auc = windows[index]?.performance?.overall.auc ?? null;
  const expected = expectedAuc(windows, detail)[index] ?? null;
  const moved = drifting(windows.at(-1));
  const open = alerts.filter(alert => alert.resolvedAt === null);
  const quality =
    auc === null
      ? 'No window has mature labels yet'
      : `AUC ${ratio(auc)} in the newest mature window${expected === null ? '' : `, ${signed(auc - expected, 3)} from its test set`}`;
  const drift =
    moved.length === 0
      ? 'nothing drifts'
      : `${listed(moved.map(report => report.subject))} ${moved.length === 1 ? 'drifts' : 'drift'}`;
  const level = open.some(alert => alert.severity === 'page')
    ? 'bad'
    : open.length > 0 || moved.length > 0
      ? 'watch'
      : 'good';
  return {
    level,
    sentence: `${quality}; ${drift}; ${open.length === 0 ? 'no alert is open' : `${plural(open.length, 'alert is', 'alerts are')} open`}.`,
  } as const;
}

function MonitoringFigures({windows, alerts}: {windows: readonly MonitorWindow[]; alerts: readonly Alert[]}) {
  const times = useTimes();
  const newest = windows.at(-1);
  const mature = windows.findLast(window => window.performance !== null);
  const overall = mature?.performance?.overall;
  const note = mature ? `${times.short(mature.from)}, n\u00a0${count(overall?.rows)}` : 'no mature labels yet';
  return (
    <Figures>
      <Figure
        title="AUC"
        value={ratio(overall?.auc)}
        trend={windows.map(window => window.performance?.overall.auc ?? null)}
        note={note}
      />
      <Figure
        title="Log loss"
        value={ratio(overall?.logLoss)}
        trend={windows.map(window => window.performance?.overall.logLoss ?? null)}
        note={note}
      />
      <Figure
        title="Calibration error"
        value={ratio(overall?.ece)}
        trend={windows.map(window => window.performance?.overall.ece ?? null)}
        note={note}
      />
      <Figure
        title="Prediction drift"
        value={ratio(newest?.prediction.effect)}
        trend={windows.map(window => window.prediction.effect)}
        note={newest ? `PSI, ${newest.prediction.verdict}` : ''}
      />
      <Figure
        title="Drifting features"
        value={count(drifting(newest).length)}
        trend={windows.map(window => drifting(window).length)}
        note={newest ? `of ${newest.drift.length}, ${times.short(newest.from)}` : ''}
      />
      <Figure
        title="Alerts"
        value={count(alerts.length)}
        note={`${alerts.filter(alert => alert.severity === 'page').length} paged`}
      />
    </Figures>
  );
}
