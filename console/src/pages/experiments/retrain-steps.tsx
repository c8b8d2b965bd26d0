import {formatDuration, type Retrain, type RetrainStep} from 'millrace/protocol';
import {effectDomain} from '../../charts/effect-scale.ts';
import {useTimes} from '../../format/times.ts';
import {type Level, Shape} from '../../parts/meaning.tsx';
import {evidencesOf} from './evidence.ts';
import {StepFigures} from './step-figures.tsx';

const LEVEL: Partial<Record<RetrainStep['stage'], Level>> = {promotion: 'good', rejection: 'bad', trigger: 'watch'};

/** A retrain from its trigger to its end: when, which stage, what came of it, with its figures. */
export function RetrainSteps({retrain}: {retrain: Retrain}) {
  const times = useTimes();
  const domain = effectDomain(evidencesOf(retrain));
  return (
    <ol className="steps">
      {retrain.steps.map((step, i) => {
        const before = retrain.steps[i - 1];
        return (
          <li key={`${step.stage}/${step.at}`}>
            <Shape level={LEVEL[step.stage] ?? 'unknown'} />
            <time
              className="muted"
              dateTime={new Date(step.at).toISOString()}
              title={before ? `${formatDuration(step.at - before.at)} after ${before.stage}` : 'the start'}
            >
              {times.short(step.at)}, {times.minute(step.at).slice(-5)}
            </time>
            <span className="stage">{step.stage}</span>
            <span>{step.message}</span>
            <StepFigures step={step} retrain={retrain} domain={domain} />
          </li>
        );
      })}
    </ol>
  );
}
