import type {Retrain} from 'millrace/protocol';
import {EffectSteps} from '../../charts/effect-steps.tsx';
import {useTimes} from '../../format/times.ts';
import {capital} from '../../format/words.ts';
import {type Evidence, evidencesOf} from './evidence.ts';

/** How the challenger compares to the champion at the end of each stage; nothing while no stage has ended. */
export function EffectChart({retrain}: {retrain: Retrain}) {
  const times = useTimes();
  const evidences = evidencesOf(retrain);
  const last = evidences.at(-1);
  if (!last) return null;
  return (
    <EffectSteps
      title={answer(last, retrain)}
      axis={`${last.metric}, v${retrain.challenger ?? '?'} less v${retrain.incumbent} on the same requests, left is better; limits hold at every look`}
      steps={evidences.map(evidence => ({
        ...evidence,
        id: `${evidence.stage}/${evidence.at}`,
        when: times.short(evidence.at),
      }))}
    />
  );
}

function answer({low, high, margin, metric}: Evidence, {challenger, incumbent}: Retrain): string {
  const [who, whom] = [`v${challenger ?? '?'}`, `v${incumbent}`];
  if (high !== null && high < 0) return `${who} has a lower ${metric} than ${whom}`;
  if (high !== null && high < margin) return `${who} is not worse than ${whom} by the margin`;
  if (low !== null && low > margin) return `${who} is worse than ${whom} by more than the margin`;
  return capital(`the evidence does not decide between ${who} and ${whom} yet`);
}
