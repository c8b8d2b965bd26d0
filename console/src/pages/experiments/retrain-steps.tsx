import {formatDuration, type Retrain, type RetrainStep} from 'millrace/protocol';
import {compact, short} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {type Level, Shape} from '../../parts/meaning.tsx';

const LEVEL: Partial<Record<RetrainStep['stage'], Level>> = {promotion: 'good', rejection: 'bad', trigger: 'watch'};

/** A retrain from its trigger to its end: when, which stage, what came of it, with its figures. */
export function RetrainSteps({retrain}: {retrain: Retrain}) {
  const times = useTimes();
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
            {Object.keys(step.figures).length > 0 && (
              <span className="given">
                {Object.entries(step.figures)
                  .map(([name, value]) => `${name} ${figure(value)}`)
                  .join(' · ')}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

const figure = (value: number | string | null): string =>
  value === null ? '–' : typeof value === 'string' ? value : Math.abs(value) >= 1_000 ? compact(value) : short(value);
