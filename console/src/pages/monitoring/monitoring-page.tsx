/** Monitoring: does it still do what its test set promised, and if not, since when, why, and who knows. */
import type {Alert, Incident, ModelDetail, MonitorWindow, Overview, SloStatus} from 'millrace/protocol';
import {Redirect} from 'wouter';
import {Await} from '../../data/await.tsx';
import {
  useAlertPrecision,
  useAlerts,
  useIncidents,
  useModel,
  useModelDetail,
  useOverview,
  useSlos,
  useWindows,
} from '../../data/queries.ts';
import {plural} from '../../format/numbers.ts';
import {useRange, within} from '../../frame/range.ts';
import {useParam} from '../../frame/url-state.ts';
import {Empty} from '../../parts/empty.tsx';
import {ModelChoice} from '../../parts/model-choice.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import {AlertList} from '../../windows/alert-list.tsx';
import {IncidentList} from '../../windows/incident-list.tsx';
import {incidentPath, isOpen} from '../../windows/incident-words.ts';
import {MarksKey} from '../../windows/marks-key.tsx';
import {PerformanceChart} from '../../windows/performance-chart.tsx';
import {Levels} from './levels/levels.tsx';
import {MonitoringFigures} from './monitoring-figures.tsx';
import {monitoringVerdict} from './monitoring-verdict.ts';
import {ShiftList} from './shift-list.tsx';
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
      <ModelChoice />
      <Empty
        title="Windows will stand here"
        text="Volume, latency, drift, and quality as labels mature, with the incidents that they led to. A window stands here as soon as it has closed."
        command="npx millrace monitor"
        docs="docs/rooms/monitoring.md"
      />
    </Page>
  );
}

function ModelMonitoring({model, overview}: {model: string; overview: Overview}) {
  const windows = useWindows(model);
  const detail = useModelDetail(model);
  const incidents = useIncidents();
  const slos = useSlos();
  const alerts = useAlerts();
  const [asked] = useParam('alert');
  return (
    <Await reads={{windows, detail, incidents, slos, alerts}} title="Monitoring">
      {got => {
        const about = asked === null ? undefined : got.incidents.find(incident => incident.alerts.includes(asked));
        if (about) return <Redirect to={incidentPath(about.id)} replace />;
        if (got.windows.length === 0) return <NothingMonitored />;
        const own = got.incidents.filter(incident => incident.model === model);
        const promised = got.slos.filter(slo => slo.model === model);
        const alert = got.alerts.find(({id}) => id === asked) ?? null;
        return <MonitoringContent {...got} alert={alert} incidents={own} slos={promised} overview={overview} />;
      }}
    </Await>
  );
}

type ContentProps = {
  readonly overview: Overview;
  readonly detail: ModelDetail;
  readonly windows: readonly MonitorWindow[];
  /** Of the model. */
  readonly incidents: readonly Incident[];
  readonly slos: readonly SloStatus[];
  /** That the address names, and that no incident is made of: one of an earlier release. */
  readonly alert: Alert | null;
};

function MonitoringContent({overview, detail, windows, incidents, slos, alert}: ContentProps) {
  const {range} = useRange();
  const precision = useAlertPrecision().data?.find(({model}) => model === detail.model);
  const shown = within(windows, range);
  const open = incidents.filter(isOpen).length;
  return (
    <Page title="Monitoring" verdict={monitoringVerdict({windows, detail, incidents})}>
      <ModelChoice />
      <MonitoringFigures windows={windows} detail={detail} slos={slos} precision={precision ?? null} />
      {alert && (
        <Section title="The alert">
          <AlertList alerts={[alert]} clock={overview.clock} chosen={alert.id} />
        </Section>
      )}
      {shown.length === 0 ? (
        <p className="muted">No window lies in this time range. Choose a longer one in the bar above.</p>
      ) : (
        <Section title="Performance" aside={`${plural(shown.length, 'window')}, one cursor for all charts`}>
          <PerformanceChart windows={shown} detail={detail} incidents={incidents} height={240} />
          <MarksKey estimated={shown.some(({estimate}) => estimate)} />
        </Section>
      )}
      <Section
        id="incidents"
        title="Incidents"
        aside={
          <>
            {incidents.length === 0 ? 'none so far' : `${open} open, ${incidents.length - open} resolved`}
            <Go to="/monitoring/silences">Silences and channels</Go>
            <Go to="/monitoring/consistency">Consistency</Go>
          </>
        }
      >
        {incidents.length === 0 ? (
          <p className="muted">
            Nothing has gone wrong for long enough to tell anybody. Alerts of one cause become one incident here.
          </p>
        ) : (
          <IncidentList incidents={incidents} clock={overview.clock} />
        )}
      </Section>
      <ShiftList windows={windows} />
      {shown.length > 0 && (
        <>
          <Levels windows={shown} detail={detail} incidents={incidents} slos={slos} />
          <WindowsTable windows={shown} />
        </>
      )}
    </Page>
  );
}
