/** The figures of one step: a comparison as a small table with its interval, others as names and values. */
import type {Retrain, RetrainStep} from 'millrace/protocol';
import {IntervalPlot} from '../../charts/interval-plot.tsx';
import {compact, count, interval, inWords, plural, ratio, short, signed} from '../../format/numbers.ts';
import {capital} from '../../format/words.ts';
import {type Evidence, evidenceOf} from './evidence.ts';

type Props = {
  readonly step: RetrainStep;
  readonly retrain: Retrain;
  /** Of all comparisons of the retrain, so that their plots line up. */
  readonly domain: readonly [number, number];
};

export function StepFigures({step, retrain, domain}: Props) {
  const evidence = evidenceOf(step);
  if (evidence) return <Comparison evidence={evidence} retrain={retrain} domain={domain} />;
  const figures = Object.entries(step.figures).filter(([, value]) => value !== null);
  if (figures.length === 0) return null;
  return (
    <dl className="given">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{NAMES[name] ?? capital(inWords(name))}</dt>
          <dd>{written(name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Comparison({evidence, retrain, domain}: {evidence: Evidence; retrain: Retrain; domain: Props['domain']}) {
  const {challengerLoss, championLoss, challengerAuc, championAuc, difference, low, high, margin} = evidence;
  const auc = challengerAuc === null || championAuc === null ? null : challengerAuc - championAuc;
  return (
    <div className="given">
      <table className="comparison" aria-label={`What ${evidence.stage} measured`}>
        <thead>
          <tr>
            <td />
            <th scope="col" className="number">
              v{retrain.challenger ?? '?'}
            </th>
            <th scope="col" className="number">
              v{retrain.incumbent}
            </th>
            <th scope="col" className="number">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{capital(evidence.metric)}</th>
            <td className="number">{ratio(challengerLoss, 4)}</td>
            <td className="number">{ratio(championLoss, 4)}</td>
            <td className="number">{signed(difference)}</td>
          </tr>
          <tr>
            <th scope="row">AUC</th>
            <td className="number">{ratio(challengerAuc)}</td>
            <td className="number">{ratio(championAuc)}</td>
            <td className="number">{signed(auc, 3)}</td>
          </tr>
        </tbody>
      </table>
      <div className="comparison-plot">
        <IntervalPlot effect={evidence} domain={domain} width={200} />
        <span>
          {interval(low, high, 4)}, margin {short(margin)}
        </span>
      </div>
      <p>
        {count(evidence.rows)} labelled requests scored by both
        {evidence.stageRows !== null && `, ${count(evidence.stageRows)} in ${evidence.stage}`}
        {evidence.errors !== null && `; ${plural(evidence.errors, 'failed request')} since the last look`}
      </p>
    </div>
  );
}

const NAMES: Readonly<Record<string, string>> = {
  auc: 'AUC',
  logLoss: 'Log loss',
  ece: 'ECE',
  rows: 'Rows',
  seconds: 'Training time',
};

function written(name: string, value: number | string | null): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (name === 'seconds') return `${short(value)}\u202fs`;
  if (name === 'auc') return ratio(value);
  if (name === 'logLoss') return ratio(value, 4);
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) >= 1_000 ? compact(value) : short(value);
}
