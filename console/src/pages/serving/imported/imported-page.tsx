/** An imported model: whether it answers, how, and another load of its file. */
import type {ServingStatus} from 'millrace/protocol';
import type {ReactNode} from 'react';
import {compact, count, percent} from '../../../format/numbers.ts';
import {Figure, Figures} from '../../../parts/figures.tsx';
import {Page} from '../../../parts/page.tsx';
import {sharesOf} from '../chain/chain-words.ts';
import {HowItAnswers} from '../chain/how-it-answers.tsx';
import {remarksOn, worstOf} from '../chain/serving-verdict.ts';
import {TryPrediction} from '../try/try-prediction.tsx';
import {LoadAgain} from './load-again.tsx';

export function ImportedPage({status, choice}: {status: ServingStatus; choice: ReactNode}) {
  const {model, ready, version, predictions, unlogged, policy} = status;
  const {below, total} = sharesOf(status);
  const remarks = ready ? remarksOn(status) : [];
  const state = ready
    ? `v${version} of the imported model ${model} answers.`
    : `The imported model ${model} does not answer. ${policy[0] ?? ''}`;
  return (
    <Page
      title="Serving"
      verdict={{
        level: worstOf(ready ? 'good' : 'bad', remarks),
        sentence: [state.trim(), ...remarks.map(({sentence}) => sentence)].join(' '),
      }}
    >
      {choice}
      <Figures>
        <Figure
          title="State"
          value={ready ? 'READY' : 'not READY'}
          note={ready ? 'loaded and warmed up' : 'why is said above'}
        />
        <Figure title="Version" value={version === null ? '–' : `v${version}`} note="of the content of its file" />
        <Figure title="Predictions" value={compact(predictions)} note="since the process began" />
        <Figure
          title="From below the model"
          value={total === 0 ? '–' : percent(below)}
          note={total === 0 ? 'nothing was asked yet' : `of ${count(total)} answers`}
          to="/serving#answers"
        />
        <Figure title="Not logged" value={count(unlogged)} note="the log had no room for them" />
      </Figures>
      <HowItAnswers status={status} />
      <LoadAgain key={model} status={status} />
      {ready && (
        <TryPrediction
          key={`try ${model}`}
          model={model}
          newest={null}
          hint="The columns of one instance by name, as JSON. A refusal names them; models with other tensors are asked over /v2."
        />
      )}
    </Page>
  );
}
