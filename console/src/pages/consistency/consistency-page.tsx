/** Consistency: is what models were served what the event log gives, and if not, where. */
import type {ConsistencyRun} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useConsistency, useModel, useOverview} from '../../data/queries.ts';
import {compact, count, significant} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {ModelChoice} from '../../parts/model-choice.tsx';
import {Page} from '../../parts/page.tsx';
import {ExamplesTable} from './examples-table.tsx';
import {FeatureTable} from './feature-table.tsx';
import {RunsChart} from './runs-chart.tsx';
import {RunsTable} from './runs-table.tsx';
import {asOf, differing, sampleOf, verdictOf} from './verdict.ts';

const CRUMBS = [{title: 'Monitoring', path: '/monitoring'}];

export function ConsistencyPage() {
  const overview = useOverview();
  const {model} = useModel();
  return (
    <Await reads={{overview}} title="Consistency">
      {() => (model === null ? <NothingCompared command="npx millrace consistency" /> : <OfModel model={model} />)}
    </Await>
  );
}

function OfModel({model}: {model: string}) {
  const runs = useConsistency(model);
  return (
    <Await reads={{runs}} title="Consistency">
      {got => {
        const [newest] = got.runs;
        if (!newest) return <NothingCompared command={`npx millrace consistency ${model}`} />;
        return <Content newest={newest} runs={got.runs} />;
      }}
    </Await>
  );
}

function NothingCompared({command}: {command: string}) {
  return (
    <Page
      title="Consistency"
      crumbs={CRUMBS}
      verdict={{level: 'unknown', sentence: 'Served features have not been compared with the event log yet.'}}
    >
      <ModelChoice />
      <Empty
        title="Comparisons will stand here"
        text="Features that were served to a model are computed again from the event log and compared bit for bit: once a day while a server runs, or when you ask. Features read without a model are not logged, so they are not compared."
        command={command}
        docs="docs/rooms/app.md"
      />
    </Page>
  );
}

function Content({newest, runs}: {newest: ConsistencyRun; runs: readonly ConsistencyRun[]}) {
  const times = useTimes();
  const finished = runs.filter(run => run.state === 'done');
  const [done] = finished;
  const oldestFirst = [...finished].reverse();
  return (
    <Page title="Consistency" crumbs={CRUMBS} verdict={verdictOf(newest, done, times)}>
      <ModelChoice />
      {done && (
        <>
          <Figures>
            <Figure
              title="Values that differ"
              value={compact(done.mismatches)}
              trend={oldestFirst.map(run => run.mismatches)}
              note={`of ${count(done.values)} compared`}
            />
            <Figure
              title="Features that differ"
              value={count(done.features.filter(feature => differing(feature) > 0).length)}
              note={`of ${done.features.length}, ${done.model}`}
            />
            <Figure
              title="Predictions compared"
              value={compact(done.predictions)}
              trend={oldestFirst.map(run => run.predictions)}
              note={`${sampleOf(done)}${done.sample === 1 ? '' : ` (${done.keys.join(', ')})`}`}
            />
            <Figure
              title="Time of the run"
              value={significant(done.seconds)}
              unit="s"
              note={`run ${done.number}, ${asOf(done.startedAt, times)}`}
            />
          </Figures>
          {oldestFirst.length > 1 && <RunsChart runs={oldestFirst} />}
          <FeatureTable run={done} />
          <ExamplesTable run={done} />
        </>
      )}
      <RunsTable runs={runs} />
    </Page>
  );
}
