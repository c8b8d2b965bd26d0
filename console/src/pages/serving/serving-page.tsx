/** Serving: who answers, how fast, and what was answered just now. */
import type {ModelDetail, MonitorWindow, Overview, PredictionRecord, ServingStatus} from 'millrace/protocol';
import type {ReactNode} from 'react';
import {Await} from '../../data/await.tsx';
import {useLive} from '../../data/live.tsx';
import {
  useIncidents,
  useModel,
  useModelDetail,
  useOverview,
  usePredictions,
  useServing,
  useWindows,
} from '../../data/queries.ts';
import {compact, count, micros, percent, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {listed} from '../../format/words.ts';
import {useRange, within} from '../../frame/range.ts';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import type {Level} from '../../parts/meaning.tsx';
import {Page, Section} from '../../parts/page.tsx';
import {MarksKey} from '../../windows/marks-key.tsx';
import {LatencyChart, VolumeChart} from '../../windows/window-charts.tsx';
import {NotFound} from '../not-found.tsx';
import {sharesOf} from './chain/chain-words.ts';
import {HowItAnswers} from './chain/how-it-answers.tsx';
import {remarksOn, worstOf} from './chain/serving-verdict.ts';
import {VersionsTable} from './deploy/versions-table.tsx';
import {ImportedPage} from './imported/imported-page.tsx';
import {PlanBar} from './plan-bar.tsx';
import {PlansTable} from './plans-table.tsx';
import {PredictionsTable} from './predictions-table.tsx';
import {ServedChoice, useServed} from './served-choice.tsx';
import {TryPrediction} from './try/try-prediction.tsx';

export function ServingPage() {
  const reads = {overview: useOverview(), serving: useServing()};
  return (
    <Await reads={reads} title="Serving">
      {got => <Chosen {...got} />}
    </Await>
  );
}

function Chosen({overview, serving}: {overview: Overview; serving: readonly ServingStatus[]}) {
  const {model} = useModel();
  const served = useServed(overview, serving);
  const choice = <ServedChoice served={served} model={model} />;
  if (served.chosen === undefined) return <NotFound what={`an imported model '${served.asked}'`} />;
  if (served.chosen !== null) return <ImportedPage status={served.chosen} choice={choice} />;
  if (model === null) return <NothingServed choice={choice} />;
  const status = serving.find(each => each.model === model);
  return <ModelServing key={model} model={model} status={status} overview={overview} choice={choice} />;
}

function NothingServed({choice}: {choice: ReactNode}) {
  return (
    <Page title="Serving" verdict={{level: 'unknown', sentence: 'No version is deployed.'}}>
      {choice}
      <Empty
        title="The release plan will stand here"
        text="Which version answers which share of the traffic, its latency, and its newest predictions."
        command="npx millrace deploy"
        docs="docs/rooms/serving.md"
      />
    </Page>
  );
}

type ServingProps = {
  readonly overview: Overview;
  /** Undefined where this server does not answer for the model. */
  readonly status: ServingStatus | undefined;
  readonly choice: ReactNode;
};

function ModelServing({model, ...rest}: ServingProps & {model: string}) {
  const detail = useModelDetail(model);
  const windows = useWindows(model);
  const predictions = usePredictions(model, 200);
  return (
    <Await reads={{detail, windows, predictions}} title="Serving">
      {got =>
        got.detail.plan === null ? <NothingServed choice={rest.choice} /> : <ServingContent {...got} {...rest} />
      }
    </Await>
  );
}

type ContentProps = ServingProps & {
  readonly detail: ModelDetail;
  readonly windows: readonly MonitorWindow[];
  readonly predictions: readonly PredictionRecord[];
};

function ServingContent({overview, status, choice, detail, windows, predictions}: ContentProps) {
  const {tick} = useLive();
  const times = useTimes();
  const {range} = useRange();
  const incidents = useIncidents().data ?? [];
  const arms = detail.plan?.arms ?? [];
  const answering = arms
    .filter(arm => arm.share > 0)
    .map(arm => `v${arm.version} answers ${arm.share === 1 ? 'everything' : percent(arm.share)}`);
  const shadows = arms.filter(arm => arm.role === 'shadow').map(arm => `v${arm.version} shadows`);
  const last = windows.findLast(window => window.latencyUs !== null);
  const errors = windows.reduce((sum, window) => sum + window.errors, 0);
  const shown = within(windows, range);
  const remarks = remarksOn(status);
  const {below, total} = sharesOf(status ?? {answeredBy: {}, levels: []});
  const failing: Level = errors > 0 && (windows.at(-1)?.errors ?? 0) > 0 ? 'bad' : 'good';
  const charts = {windows: shown, detail, incidents};
  return (
    <Page
      title="Serving"
      verdict={{
        level: worstOf(failing, remarks),
        sentence:
          `${listed([...answering, ...shadows])}. ${last?.latencyUs ? `99 % of answers within ${micros(last.latencyUs.p99)}` : 'Latency is not measured yet'}; ${plural(errors, 'error')} in ${plural(windows.length, 'window')}. ${remarks.map(({sentence}) => sentence).join(' ')}`.trim(),
      }}
    >
      {choice}
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
          title="p99 latency"
          value={micros(last?.latencyUs?.p99)}
          trend={windows.map(window => window.latencyUs?.p99 ?? null)}
          note={last ? `median ${micros(last.latencyUs?.p50)}, ${times.short(last.from)}` : 'not measured'}
        />
        <Figure
          title="Errors"
          value={count(errors)}
          trend={windows.map(window => window.errors)}
          note={`in ${plural(windows.length, 'window')}`}
        />
        <Figure
          title="From below the model"
          value={total === 0 ? '–' : percent(below)}
          note={total === 0 ? 'nothing was asked yet' : `of ${compact(total)} answers`}
          to="/serving#answers"
        />
        <Figure
          title="Waiting for people"
          value={status ? count(status.reviews.open) : '–'}
          note={
            status && status.reviews.dropped > 0 ? `${count(status.reviews.dropped)} more not kept` : 'see the reviews'
          }
          to="/serving/reviews"
        />
      </Figures>
      {detail.plan && <PlanBar plan={detail.plan} />}
      {status && <HowItAnswers status={status} />}
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
      <VersionsTable detail={detail} />
      <PlansTable plans={detail.plans} />
    </Page>
  );
}
