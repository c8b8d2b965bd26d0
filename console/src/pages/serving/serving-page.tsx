/** Serving: who answers, how fast, and what was answered just now. */
import type {ModelDetail, MonitorWindow, Overview, PredictionRecord} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useLive} from '../../data/live.tsx';
import {useAlerts, useModel, useModelDetail, useOverview, usePredictions, useWindows} from '../../data/queries.ts';
import {compact, count, micros, percent, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {useRange, within} from '../../frame/range.ts';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {ModelChoice} from '../../parts/model-choice.tsx';
import {Page, Section} from '../../parts/page.tsx';
import {listed} from '../../windows/drift.ts';
import {LatencyChart, MarksKey, VolumeChart} from '../../windows/window-charts.tsx';
import {PlanBar} from './plan-bar.tsx';
import {PlansTable} from './plans-table.tsx';
import {PredictionsTable} from './predictions-table.tsx';
import {TryPrediction} from './try-prediction.tsx';

export function ServingPage() {
  const overview = useOverview();
  const {model} = useModel();
  return (
    <Await reads={{overview}} title="Serving">
      {got => (model === null ? <NothingServed /> : <ModelServing model={model} overview={got.overview} />)}
    </Await>
  );
}

function NothingServed() {
  return (
    <Page title="Serving" verdict={{level: 'unknown', sentence: 'No version is deployed.'}}>
      <Empty
        title="The release plan will stand here"
        text="Which version answers which share of the traffic, its latency, and its newest predictions."
        command="npx millrace deploy"
        docs="docs/rooms/serving.md"
      />
    </Page>
  );
}

function ModelServing({model, overview}: {model: string; overview: Overview}) {
  const detail = useModelDetail(model);
  const windows = useWindows(model);
  const predictions = usePredictions(model, 200);
  return (
    <Await reads={{detail, windows, predictions}} title="Serving">
      {got => (got.detail.plan === null ? <NothingServed /> : <ServingContent {...got} overview={overview} />)}
    </Await>
  );
}

type ContentProps = {
  readonly overview: Overview;
  readonly detail: ModelDetail;
  readonly windows: readonly MonitorWindow[];
  readonly predictions: readonly PredictionRecord[];
};

function ServingContent({overview, detail, windows, predictions}: ContentProps) {
  const {tick} = useLive();
  const times = useTimes();
  const {range} = useRange();
  const alerts = useAlerts().data ?? [];
  const arms = detail.plan?.arms ?? [];
  const answering = arms
    .filter(arm => arm.share > 0)
    .map(arm => `v${arm.version} answers ${arm.share === 1 ? 'everything' : percent(arm.share)}`);
  const shadows = arms.filter(arm => arm.role === 'shadow').map(arm => `v${arm.version} shadows`);
  const last = windows.findLast(window => window.latencyUs !== null);
  const errors = windows.reduce((sum, window) => sum + window.errors, 0);
  const shown = within(windows, range);
  const charts = {windows: shown, detail, alerts};
  return (
    <Page
      title="Serving"
      verdict={{
        level: errors > 0 && (windows.at(-1)?.errors ?? 0) > 0 ? 'bad' : 'good',
        sentence: `${listed([...answering, ...shadows])}. ${last?.latencyUs ? `99 % of answers within ${micros(last.latencyUs.p99)}` : 'Latency is not measured yet'}; ${plural(errors, 'error')} in ${plural(windows.length, 'window')}.`,
      }}
    >
      <ModelChoice />
      <Figures>
        <Figure
          title="Predictions"
          value={compact(tick?.predictions ?? overview.predictions)}
          trend={windows.map(window => window.predictions)}
          note="since the run began"
        />
        <Figure
          title="Speed just now"
          value={compact(tick?.predictionsPerSecond ?? null)}
          unit="per second"
          note={tick ? `at ${times.minute(tick.clock)}` : 'no live value yet'}
        />
        <Figure
          title="Median latency"
          value={micros(last?.latencyUs?.p50)}
          trend={windows.map(window => window.latencyUs?.p50 ?? null)}
          note={last ? `window of ${times.short(last.from)}` : 'not measured'}
        />
        <Figure
          title="p99 latency"
          value={micros(last?.latencyUs?.p99)}
          trend={windows.map(window => window.latencyUs?.p99 ?? null)}
          note={last ? `window of ${times.short(last.from)}` : 'not measured'}
        />
        <Figure
          title="Errors"
          value={count(errors)}
          trend={windows.map(window => window.errors)}
          note={`in ${plural(windows.length, 'window')}`}
        />
      </Figures>
      {detail.plan && <PlanBar plan={detail.plan} />}
      {shown.length > 0 && (
        <Section title="Traffic and latency" aside={plural(shown.length, 'window')}>
          <div className="columns">
            <VolumeChart {...charts} />
            <LatencyChart {...charts} />
          </div>
          <MarksKey />
        </Section>
      )}
      <TryPrediction model={detail.model} newest={predictions[0] ?? null} />
      <PredictionsTable predictions={predictions} />
      <PlansTable plans={detail.plans} />
    </Page>
  );
}
