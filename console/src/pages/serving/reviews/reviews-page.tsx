/** Reviews: predictions that a model was too unsure of, for people to decide. */
import type {ModelDetail, Review, ServingStatus} from 'millrace/protocol';
import {Await} from '../../../data/await.tsx';
import {useModel, useModelDetail, useOverview, useReviews, useServing} from '../../../data/queries.ts';
import {plural} from '../../../format/numbers.ts';
import {useTimes} from '../../../format/times.ts';
import {useSetting} from '../../../frame/setting.ts';
import {Empty} from '../../../parts/empty.tsx';
import {Failure} from '../../../parts/failure.tsx';
import {ModelChoice} from '../../../parts/model-choice.tsx';
import {Page, Section} from '../../../parts/page.tsx';
import {DecidedReviews} from './decided-reviews.tsx';
import {OpenReviews} from './open-reviews.tsx';
import {decisionWords} from './review-columns.tsx';
import {useDecide} from './use-decide.ts';

const CRUMBS = [{title: 'Serving', path: '/serving'}];
/** Read at once; there may be more. */
const OPEN = 200;
const DECIDED = 100;

export function ReviewsPage() {
  const overview = useOverview();
  const {model} = useModel();
  return (
    <Await reads={{overview}} title="Reviews">
      {() =>
        model === null ? (
          <Page title="Reviews" crumbs={CRUMBS}>
            <Teach />
          </Page>
        ) : (
          <ModelReviews key={model} model={model} />
        )
      }
    </Await>
  );
}

function ModelReviews({model}: {model: string}) {
  const reads = {
    detail: useModelDetail(model),
    open: useReviews(model, 'open', OPEN),
    decided: useReviews(model, 'decided', DECIDED),
    serving: useServing(),
  };
  return (
    <Await reads={reads} title="Reviews">
      {({serving, ...got}) => <Content {...got} status={serving.find(each => each.model === model)} />}
    </Await>
  );
}

type ContentProps = {
  readonly detail: ModelDetail;
  readonly open: readonly Review[];
  readonly decided: readonly Review[];
  readonly status: ServingStatus | undefined;
};

function Content({detail: {model, label, description}, open, decided, status}: ContentProps) {
  const times = useTimes();
  const [by, setBy] = useSetting('reviewer', '');
  const {pending, refused, decide} = useDecide(model, by.trim());
  const left = open.filter(({id}) => !pending.some(({review}) => review.id === id));
  const waiting = Math.max(left.length, (status?.reviews.open ?? 0) - pending.length);
  const dropped = status?.reviews.dropped ?? 0;
  const oldest = left.at(-1);
  const sentence =
    waiting === 0
      ? `Nothing of ${model} waits for people.`
      : `${plural(waiting, `prediction of ${model} waits`, `predictions of ${model} wait`)} for people${oldest && left.length === waiting ? `, the oldest since ${times.minute(oldest.at)} ${times.zoneName}` : ''}.`;
  return (
    <Page
      title="Reviews"
      crumbs={CRUMBS}
      verdict={{
        level: waiting + dropped === 0 ? 'good' : 'watch',
        sentence: `${sentence}${dropped > 0 ? ` ${plural(dropped, 'more was', 'more were')} not kept: too many came at once.` : ''}`,
      }}
    >
      <ModelChoice />
      {open.length + decided.length + pending.length === 0 ? (
        <Teach />
      ) : (
        <>
          <Section title="Who decides">
            <p className="muted">
              {description} The model was too unsure to say. A decision stands for good, with the name beside it; where
              the model takes feedback it is feedback at once.
            </p>
            <form className="value-form after" onSubmit={event => event.preventDefault()}>
              <label>
                Your name
                <input
                  value={by}
                  autoComplete="name"
                  placeholder="somebody"
                  onChange={event => setBy(event.target.value)}
                />
              </label>
              <small className="muted">
                Kept in this browser. Keys: <kbd>j</kbd> <kbd>k</kbd> for the row, <kbd>1</kbd>{' '}
                {decisionWords(label, 1)}, <kbd>0</kbd> {decisionWords(label, 0)}.
              </small>
            </form>
          </Section>
          <div aria-live="polite">
            {refused && (
              <div className="after">
                <Failure
                  error={refused.error}
                  unaffected={`Your decision (${decisionWords(label, refused.decision)}) was not kept; the lists are as the server has them.`}
                />
              </div>
            )}
          </div>
          {left.length > 0 ? (
            <OpenReviews reviews={left} open={waiting} label={label} decide={decide} />
          ) : (
            <Section title="Waiting">
              <p className="muted">Nothing waits. What the model is too unsure of will stand here, the newest first.</p>
            </Section>
          )}
          {decided.length + pending.length > 0 && <DecidedReviews reviews={decided} pending={pending} label={label} />}
        </>
      )}
    </Page>
  );
}

const Teach = () => (
  <Empty
    title="Predictions that the model is too unsure of will stand here"
    text="With abstain in its serving policy a model answers null below that confidence, and people decide. Put this into the model's definition:"
    command="serving: servingPolicy({abstain: {below: 0.6}})"
    docs="docs/rooms/serving.md"
  />
);
