/** What a derived feature was computed from; an input that is a feature leads to the same question about it. */
import type {FeatureDetail, WhyAnswer} from 'millrace/protocol';
import {useFeatures} from '../../../data/queries.ts';
import {useTimes} from '../../../format/times.ts';
import {Go} from '../../../parts/page.tsx';
import {type Asking, questionParams} from './values-panel-question.ts';
import {shownValue} from './values-panel-words.ts';

type Props = {
  readonly detail: FeatureDetail;
  readonly inputs: NonNullable<WhyAnswer['inputs']>;
  readonly ask: Asking;
};

/** The name of the query time within an expression. */
const QUERY_TIME = '_at';

export function ValueInputs({detail: {derivedFrom}, inputs, ask}: Props) {
  const times = useTimes();
  const features = useFeatures().data ?? [];
  const typeOf = (name: string) =>
    features.find(feature => feature.name === name)?.type ??
    ask.set?.fields.find(field => field.name === name)?.type ??
    (name === QUERY_TIME ? 'time' : 'string');
  const query = questionParams(new URLSearchParams(), ask.set?.set ?? null, ask.typed, ask.at);
  return (
    <div className="value-inputs">
      <h3>Computed from</h3>
      <dl className="facts">
        {inputs.map(({name, value}) => {
          const {text, exact} = shownValue(value, typeOf(name), times);
          return (
            <div key={name} className="fact-row">
              <dt>
                {derivedFrom.includes(name) ? (
                  <Go to={`/features/${encodeURIComponent(name)}?${query}#value`}>{name}</Go>
                ) : name === QUERY_TIME ? (
                  'time of the query'
                ) : (
                  `${name} of the request`
                )}
              </dt>
              <dd>
                {text}
                {exact !== null && <span className="muted"> {exact}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
