/** Home: is it healthy, what changed, why, what is being done. */
import type {Overview} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {
  useFeatures,
  useIncidents,
  useModel,
  useModelDetail,
  useOverview,
  useVersions,
  useWindows,
} from '../../data/queries.ts';
import {plural} from '../../format/numbers.ts';
import {useRange, within} from '../../frame/range.ts';
import {Empty} from '../../parts/empty.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import {IncidentList} from '../../windows/incident-list.tsx';
import {MarksKey} from '../../windows/marks-key.tsx';
import {PerformanceChart} from '../../windows/performance-chart.tsx';
import {CalibrationChart, LatencyChart, VolumeChart} from '../../windows/window-charts.tsx';
import {HomeFigures} from './home-figures.tsx';
import {HomeLoop} from './home-loop.tsx';
import {StagesTable} from './stages-table.tsx';

export function HomePage() {
  const overview = useOverview();
  return (
    <Await reads={{overview}} title="Home">
      {got => (
        <Page title={got.overview.project} verdict={got.overview.verdict}>
          <HomeContent overview={got.overview} />
        </Page>
      )}
    </Await>
  );
}

function HomeContent({overview}: {overview: Overview}) {
  const {model} = useModel();
  const versions = useVersions();
  const features = useFeatures();
  return (
    <>
      {model === null && overview.stages.length === 0 && (
        <Empty
          title="This project has not run yet"
          text="The loop below fills as events arrive, features are computed, a model is trained, gated, registered, served and monitored. One command runs all of it on the example."
          command="npx millrace quickstart"
          docs="docs/rooms/console.md"
        />
      )}
      {model !== null && <HomeFigures overview={overview} model={model} />}
      <Section title="The loop" aside="each figure opens what it was computed from">
        <HomeLoop overview={overview} versions={versions.data ?? []} features={features.data ?? []} />
      </Section>
      <OpenIncidents overview={overview} />
      {model !== null && <HomeCharts model={model} />}
      <StagesTable stages={overview.stages} />
    </>
  );
}

/** The first thing to look at when something is wrong. */
function OpenIncidents({overview: {openIncidents, clock}}: {overview: Overview}) {
  if (openIncidents.length === 0) return null;
  return (
    <Section
      title={openIncidents.length === 1 ? 'One open incident' : `${openIncidents.length} open incidents`}
      aside={<Go to="/monitoring/silences">Silences and channels</Go>}
    >
      <IncidentList incidents={openIncidents} clock={clock} />
    </Section>
  );
}

function HomeCharts({model}: {model: string}) {
  const windows = useWindows(model);
  const detail = useModelDetail(model);
  const incidents = useIncidents();
  const {range} = useRange();
  return (
    <Await reads={{windows, detail, incidents}} skeleton={<div style={{height: 560}} aria-busy="true" />}>
      {got => {
        if (got.windows.length === 0) return null;
        const props = {windows: within(got.windows, range), detail: got.detail, incidents: got.incidents};
        if (props.windows.length === 0)
          return (
            <Section title={`How ${model} does`}>
              <p className="muted">No window lies in this time range. Choose a longer one in the bar above.</p>
            </Section>
          );
        return (
          <Section title={`How ${model} does`} aside={plural(props.windows.length, 'window')}>
            <PerformanceChart {...props} height={240} />
            <div className="columns">
              <CalibrationChart {...props} />
              <VolumeChart {...props} />
            </div>
            <LatencyChart {...props} height={150} />
            <MarksKey estimated={props.windows.some(({estimate}) => estimate)} />
          </Section>
        );
      }}
    </Await>
  );
}
