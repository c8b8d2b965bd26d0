/** Experiments: every retrain, what fired it, what it went through, and how it ended. */
import {formatDuration, type Retrain, type RetrainOutcome} from 'millrace/protocol';
import {Await} from '../../data/await.tsx';
import {useOverview, useRetrains} from '../../data/queries.ts';
import {count, plural} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {capital} from '../../format/words.ts';
import {DataTable} from '../../parts/data-table.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Figure, Figures} from '../../parts/figures.tsx';
import {type Level, Status} from '../../parts/meaning.tsx';
import {Go, Page, Section} from '../../parts/page.tsx';
import type {Column} from '../../parts/table-columns.ts';
import {NotFound} from '../not-found.tsx';
import {EffectChart} from './effect-chart.tsx';
import {evidencesOf} from './evidence.ts';
import {RetrainSteps} from './retrain-steps.tsx';

const LEVEL: Record<RetrainOutcome, Level> = {
  promoted: 'good',
  rejected: 'bad',
  training: 'watch',
  gated: 'watch',
  shadow: 'watch',
  canary: 'watch',
};

export function ExperimentsPage() {
  const retrains = useRetrains();
  return (
    <Await reads={{retrains}} title="Experiments">
      {got =>
        got.retrains.length === 0 ? (
          <Page title="Experiments" verdict={{level: 'unknown', sentence: 'No trigger has fired yet.'}}>
            <Empty
              title="Retrains will stand here"
              text="Each with what fired it, the challenger that came of it, how it did in shadow and as a canary, and why it was promoted or rejected."
              command="npx millrace retrain"
              docs="docs/rooms/continual.md"
            />
          </Page>
        ) : (
          <ExperimentsContent retrains={got.retrains} />
        )
      }
    </Await>
  );
}

function ExperimentsContent({retrains}: {retrains: readonly Retrain[]}) {
  const times = useTimes();
  const clock = useOverview().data?.clock ?? null;
  const promoted = retrains.filter(retrain => retrain.outcome === 'promoted').length;
  const rejected = retrains.filter(retrain => retrain.outcome === 'rejected').length;
  const running = retrains.length - promoted - rejected;
  const [newest] = retrains;
  const took = (retrain: Retrain) => (retrain.finishedAt === null ? null : retrain.finishedAt - retrain.firedAt);
  const columns: readonly Column<Retrain>[] = [
    {id: 'retrain', title: 'Retrain', value: retrain => retrain.id},
    {
      id: 'outcome',
      title: 'Outcome',
      value: retrain => retrain.outcome,
      cell: retrain => <Status level={LEVEL[retrain.outcome]} word={retrain.outcome} />,
    },
    {id: 'trigger', title: 'Trigger', value: retrain => retrain.trigger.kind},
    {
      id: 'who',
      title: 'Challenger',
      value: retrain => retrain.challenger,
      cell: retrain =>
        `${retrain.challenger === null ? 'not trained yet' : `v${retrain.challenger}`} against v${retrain.incumbent}`,
    },
    {
      id: 'fired',
      title: `Fired (${times.zoneName})`,
      value: retrain => retrain.firedAt,
      cell: retrain => times.minute(retrain.firedAt),
    },
    {
      id: 'took',
      title: 'Took',
      number: true,
      value: took,
      cell: retrain =>
        retrain.finishedAt === null ? 'not finished' : formatDuration(retrain.finishedAt - retrain.firedAt),
    },
    {id: 'why', title: 'Why it fired', wrap: true, value: retrain => retrain.trigger.reason},
  ];
  return (
    <Page
      title="Experiments"
      verdict={{
        level: running > 0 ? 'watch' : 'good',
        sentence: `${plural(retrains.length, 'retrain')}: ${promoted} promoted, ${rejected} rejected${running > 0 ? `, ${running} under way` : ''}.${newest ? ` The newest: ${newest.steps.at(-1)?.message ?? newest.trigger.reason}` : ''}`,
      }}
    >
      <Figures>
        <Figure
          title="Retrains"
          value={count(retrains.length)}
          note={clock === null ? '' : `until ${times.short(clock)}`}
        />
        <Figure title="Promoted" value={count(promoted)} note={`of ${retrains.length - running} finished`} />
        <Figure title="Rejected" value={count(rejected)} note={`of ${retrains.length - running} finished`} />
        <Figure title="Under way" value={count(running)} note={running === 0 ? 'nothing is waiting' : 'not finished'} />
      </Figures>
      <DataTable
        name="retrains"
        title="Retrains"
        rows={retrains}
        columns={columns}
        keyOf={retrain => retrain.id}
        open={retrain => `/experiments/${encodeURIComponent(retrain.id)}`}
        order="-fired"
      />
      {retrains.map(retrain => (
        <Section
          key={retrain.id}
          title={retrain.id}
          aside={
            <>
              <Status level={LEVEL[retrain.outcome]} word={retrain.outcome} />
              <Go to={`/experiments/${encodeURIComponent(retrain.id)}`}>open</Go>
            </>
          }
        >
          <EffectChart retrain={retrain} />
          <RetrainSteps retrain={retrain} />
        </Section>
      ))}
    </Page>
  );
}

export function RetrainPage({id}: {id: string}) {
  const retrains = useRetrains();
  return (
    <Await reads={{retrains}} title={id}>
      {got => {
        const retrain = got.retrains.find(candidate => candidate.id === id);
        return retrain ? (
          <RetrainContent retrain={retrain} />
        ) : (
          <NotFound what={`a retrain ‘${id}’`} place="/experiments" />
        );
      }}
    </Await>
  );
}

/** How it ended or where it stands, and what had fired it. */
function verdictOf({outcome, steps, trigger}: Retrain): string {
  const last = steps.at(-1);
  const why = `Fired by ${trigger.kind}: ${trigger.reason.replace(/\.$/, '')}.`;
  return `${capital(outcome)}. ${last === undefined || last.stage === 'trigger' ? '' : `${last.message} `}${why}`;
}

function RetrainContent({retrain}: {retrain: Retrain}) {
  const times = useTimes();
  const version = (number: number) => <Go to={`/models/${encodeURIComponent(retrain.model)}/${number}`}>v{number}</Go>;
  return (
    <Page
      title={retrain.id}
      crumbs={[{title: 'Experiments', path: '/experiments'}]}
      verdict={{
        level: LEVEL[retrain.outcome],
        sentence: verdictOf(retrain),
      }}
    >
      {evidencesOf(retrain).length > 0 && (
        <Section title="Effect, stage by stage">
          <EffectChart retrain={retrain} />
        </Section>
      )}
      <Section title="What happened">
        <RetrainSteps retrain={retrain} />
      </Section>
      <Section title="Record">
        <dl className="facts">
          <dt>Model</dt>
          <dd>{retrain.model}</dd>
          <dt>Trigger</dt>
          <dd>
            {retrain.trigger.kind}
            {retrain.trigger.alertId !== null && (
              <>
                ,{' '}
                <Go to={`/monitoring?alert=${encodeURIComponent(retrain.trigger.alertId)}`}>
                  {retrain.trigger.alertId}
                </Go>
              </>
            )}
          </dd>
          <dt>Incumbent</dt>
          <dd>{version(retrain.incumbent)}</dd>
          <dt>Challenger</dt>
          <dd>{retrain.challenger === null ? 'not trained yet' : version(retrain.challenger)}</dd>
          <dt>Available</dt>
          <dd>
            {times.minute(retrain.availableAt)} {times.zoneName},{' '}
            {formatDuration(retrain.availableAt - retrain.firedAt)} after it fired
          </dd>
          <dt>Finished</dt>
          <dd>{retrain.finishedAt === null ? 'not yet' : `${times.minute(retrain.finishedAt)} ${times.zoneName}`}</dd>
        </dl>
      </Section>
    </Page>
  );
}
