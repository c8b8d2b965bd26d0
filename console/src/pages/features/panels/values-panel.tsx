/** What is its value for this entity, how fresh is it, and why? */
import type {FeatureDetail} from 'millrace/protocol';
import {useState} from 'react';
import {useValue} from '../../../data/queries.ts';
import {Empty} from '../../../parts/empty.tsx';
import {Failure} from '../../../parts/failure.tsx';
import {Section} from '../../../parts/page.tsx';
import {Bone} from '../../../parts/skeleton.tsx';
import {ValueAnswerView} from './values-panel-answer.tsx';
import {ValuesForm} from './values-panel-form.tsx';
import {useQuestion} from './values-panel-question.ts';
import {RecentKeys} from './values-panel-recent.tsx';

const KEPT = 'Nothing was changed, and what you typed is kept.';

export function ValuesPanel({detail}: {detail: FeatureDetail}) {
  const asking = useQuestion(detail);
  const {set, fields, question} = asking;
  const value = useValue(question);
  // Asked again with the same words: the answer that stands is of an earlier moment.
  const [again, setAgain] = useState(false);
  if (set === null)
    return (
      <Section id="value" title="Values">
        <Empty
          title="No feature set has it, so it cannot be read."
          text="A read goes through a feature set: name the view of this feature in one, with the fields of the request that hold its keys."
          docs="docs/rooms/features.md"
        />
      </Section>
    );
  const reread = async () => {
    setAgain(true);
    await value.refetch();
    setAgain(false);
  };
  return (
    <Section id="value" title="Values" aside={`POST /v1/features/${set.set}/read and /why`}>
      <ValuesForm
        detail={detail}
        asking={asking}
        busy={question !== null && (value.isLoading || again)}
        problems={value.error}
        reread={() => void reread()}
      />
      {(question === null || value.error !== null) && <RecentKeys set={set} fields={fields} at={asking.at} />}
      <div className="value-answer">
        {value.error !== null ? (
          <Failure error={value.error} retry={() => void reread()} unaffected={KEPT} />
        ) : value.data && question !== null ? (
          <ValueAnswerView detail={detail} answer={value.data} ask={asking} />
        ) : question !== null ? (
          <Bone height={220} />
        ) : (
          <p className="muted">
            {`Type ${fields.map(({name}) => name).join(' and ')} and press Enter: here will stand the value, how fresh it is, and the ${detail.feature.origin === 'aggregation' ? 'events' : 'inputs'} it was computed from. The address keeps the question; send it to whoever asks the same.`}
          </p>
        )}
      </div>
    </Section>
  );
}
