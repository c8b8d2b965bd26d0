/** The value with its definition and freshness; then what it was computed from. */
import type {FeatureDetail, WhyAnswer} from 'millrace/protocol';
import {useLocation} from 'wouter';
import type {ValueAnswer} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {Shape} from '../../../parts/meaning.tsx';
import {Go} from '../../../parts/page.tsx';
import {readable} from '../readable.ts';
import {EventsTable} from './values-panel-events.tsx';
import {ValueInputs} from './values-panel-inputs.tsx';
import {type Asking, questionParams} from './values-panel-question.ts';
import {EventStrip} from './values-panel-strip.tsx';
import {agrees, freshnessWords, pastWords, shownValue} from './values-panel-words.ts';

type Props = {
  readonly detail: FeatureDetail;
  readonly answer: ValueAnswer;
  readonly ask: Asking;
};

export function ValueAnswerView({detail, answer: {read, why}, ask}: Props) {
  const times = useTimes();
  const {name, type} = detail.feature;
  const live = read?.values[0]?.[0];
  const value = live === undefined ? why.value : live;
  const {text, exact} = shownValue(value, type, times);
  const whose = ask.fields.map(field => ask.typed[field.name] || 'null').join(', ');
  const views = read?.freshness?.filter(view => reads(view.features, detail)) ?? [];
  const differs = live !== undefined && !agrees(live, why.value);
  return (
    <>
      <div className="value-head">
        <div>
          <p className="muted small">
            {name}
            {whose !== '' && ` of ${whose}`}
          </p>
          <p className="big-number">
            <span key={text} className={value === null ? 'changed muted' : 'changed'}>
              {text}
            </span>
            {exact !== null && <small>{exact}</small>}
          </p>
          <p>
            {readable(why.definition)}
            {why.window && <span className="muted"> of {why.window.source}</span>}
          </p>
        </div>
        <dl className="facts">
          <dt>As of</dt>
          <dd>
            {times.day(why.at)}, {times.second(why.at).split(' ').at(-1)} {times.zoneName}
            {read === null
              ? ', from the log, with what had arrived by then'
              : views.length === 0
                ? ', now'
                : ', from the live state'}
          </dd>
          <dt>Fresh</dt>
          <dd>
            {read === null ? pastWords(why) : freshnessWords(views, why.at)}
            <LatestLink why={why} latest={views[0]?.latestEvent[0] ?? null} ask={ask} />
          </dd>
          {read !== null && (
            <>
              <dt>From the log</dt>
              <dd>
                {differs ? (
                  <span className="status">
                    <Shape level="watch" size={10} />
                    <span>
                      {shownValue(why.value, type, times).text} for the same moment: not what is served.{' '}
                      <Go to="/monitoring/consistency">Consistency</Go>
                    </span>
                  </span>
                ) : (
                  'The same value, recomputed for the same moment.'
                )}
              </dd>
            </>
          )}
        </dl>
      </div>
      <p className="hidden" role="status">
        {`${name}${whose === '' ? '' : ` of ${whose}`} is ${text}`}
      </p>
      {why.window && <EventStrip at={why.at} window={why.window} />}
      {why.window && why.window.count > 0 && <EventsTable at={why.at} window={why.window} />}
      {why.inputs && <ValueInputs detail={detail} inputs={why.inputs} ask={ask} />}
    </>
  );
}

/** Where the window is empty only because the entity was quiet: a moment at which it was not, after the event had arrived. */
function LatestLink({why, latest, ask}: {why: WhyAnswer; latest: number | null; ask: Asking}) {
  const [path] = useLocation();
  if (latest === null || why.window?.count !== 0 || latest >= why.at || ask.set === null) return null;
  const {from, to} = why.window;
  const then = new Date(Math.min(why.at, latest + Math.max(1, from === null ? 0 : Math.floor((to - from) / 2))));
  const query = questionParams(new URLSearchParams(), ask.set.set, ask.typed, then.toISOString());
  return (
    <>
      {' '}
      <Go to={`${path}?${query}`}>Ask as of when the window held it</Go>
    </>
  );
}

/** A view is about this feature if it computes it, or what it is derived from. */
const reads = (features: readonly string[], {feature, derivedFrom}: FeatureDetail): boolean =>
  features.includes(feature.name) || derivedFrom.some(name => features.includes(name));
