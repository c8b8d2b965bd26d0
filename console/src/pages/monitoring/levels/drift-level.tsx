/** Features and fields of requests: which moved against the reference, in one window or over more of them. */
import type {DriftReport, MonitorWindow, MultivariateReport} from 'millrace/protocol';
import {HeatStrip} from '../../../charts/heat-strip.tsx';
import {compact, count, percent, plural, ratio} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {useParam} from '../../../frame/url-state.ts';
import {Empty} from '../../../parts/empty.tsx';
import {Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import {Tabs, tabOf} from '../../../parts/tabs.tsx';
import {DRIFT_LEVEL} from '../../../windows/drift.ts';
import {importancesOf} from '../../../windows/important.ts';
import {DriftTable} from './drift-table.tsx';
import {ImportanceMoves} from './importance-moves.tsx';
import type {LevelProps} from './levels.tsx';

const SPANS = ['tumbling', 'sliding', 'cumulative'] as const;
type Span = (typeof SPANS)[number];

const SPAN_TABS = [
  {id: 'tumbling', title: 'This window'},
  {id: 'sliding', title: 'Sliding'},
  {id: 'cumulative', title: 'Cumulative'},
] as const;

export function FeaturesLevel({window, windows, detail}: LevelProps) {
  const times = useTimes();
  const [asked] = useParam('span');
  const span = tabOf(asked, SPANS);
  const reports = driftIn(window, span);
  const longer = window.longer?.find(candidate => candidate.span === span);
  const aside = longer
    ? `${compact(longer.predictions)} predictions since ${times.day(longer.from)}`
    : `${compact(window.predictions)} predictions against ${referenceWords(window)}`;
  return (
    <>
      <div className="spans">
        <span className="muted small" id="span-label">
          Over
        </span>
        <Tabs name="span" label="Over which stretch" chosen={span} tabs={SPAN_TABS} />
      </div>
      {(window.multivariate ?? []).map(report => (
        <Together key={report.method} report={report} />
      ))}
      {reports === null ? (
        <p className="muted">
          {span === 'sliding'
            ? 'This window has no sliding span: sliding spans are off, or it is the first window since the start.'
            : 'This window has no cumulative span: spans grow from the first window since the deploy.'}
        </p>
      ) : (
        <DriftTable
          name="drift"
          title={`Features${span === 'tumbling' ? '' : `, ${span}`}`}
          aside={aside}
          reports={reports}
          importances={importancesOf(detail, window)}
          windows={windows}
          reportsOf={one => driftIn(one, span) ?? []}
        />
      )}
      {span === 'tumbling' && (
        <Section title="Drift over time" aside={`PSI against ${referenceWords(window)}, a cell a window`}>
          <HeatStrip windows={windows} subjects={['prediction', ...window.drift.map(({subject}) => subject)]} />
        </Section>
      )}
      <ImportanceMoves detail={detail} />
    </>
  );
}

const referenceWords = ({reference}: MonitorWindow): string =>
  reference === undefined || reference.windows === 0
    ? 'the training set'
    : `the season: ${plural(reference.windows, 'window')} before`;

/** Of features; null where the window has no such span. */
function driftIn(window: MonitorWindow, span: Span): readonly DriftReport[] | null {
  if (span === 'tumbling') return window.drift;
  const longer = window.longer?.find(candidate => candidate.span === span);
  return longer?.drift.filter(({subject}) => subject !== 'prediction') ?? null;
}

const METHODS: Record<MultivariateReport['method'], (report: MultivariateReport) => string> = {
  'domain-classifier': ({value, threshold}) =>
    `a classifier tells the window from the reference with an AUC of ${ratio(value)}, ${ratio(threshold)} is the limit`,
  mmd: ({value, threshold}) => `the kernel distance (MMD²) is ${ratio(value, 4)}, ${ratio(threshold, 4)} is the limit`,
  pca: ({value, threshold}) =>
    `the error of a reconstruction is ${ratio(value, 2)} times the reference’s, ${ratio(threshold, 2)} is the limit`,
};

/** All features at once. */
function Together({report}: {report: MultivariateReport}) {
  const gave = report.features.slice(0, 3).map(({feature, share}) => `${feature} ${percent(share)}`);
  return (
    <p className="together">
      <Status level={DRIFT_LEVEL[report.verdict]} word={`All features at once: ${report.verdict}`} />{' '}
      <span className="muted">
        {METHODS[report.method](report)}, {count(report.rows)} rows
        {report.verdict === 'drift' && gave.length > 0 && `; what gives it away: ${gave.join(', ')}`}.
      </span>
    </p>
  );
}

export function InputsLevel({window, windows}: LevelProps) {
  if (window.inputs === undefined || window.inputs.length === 0)
    return (
      <Empty
        title={window.inputs === undefined ? 'Fields of requests were not counted' : 'Every field is a feature'}
        text={
          window.inputs === undefined
            ? 'Versions that are trained from now on keep a profile of the fields of their requests, as they come in, and windows are compared with it.'
            : 'Fields that the model reads as they come stand among the features; there are no others.'
        }
        docs="docs/rooms/monitoring.md"
      />
    );
  return (
    <DriftTable
      name="inputs"
      title="Fields of requests, as they came"
      aside={`${compact(window.predictions)} predictions, before any feature is made of them`}
      reports={window.inputs}
      importances={null}
      windows={windows}
      reportsOf={one => one.inputs ?? []}
    />
  );
}
