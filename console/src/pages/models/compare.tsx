/** Versions side by side: a row a figure, a column a version, differences to the first of them. */
import type {Metrics, ModelVersion} from 'millrace/protocol';
import {count, interval, inWords, plural, ratio, signed} from '../../format/numbers.ts';

type Line = {
  readonly title: string;
  readonly of: (metrics: Metrics) => number | null;
  readonly up: boolean;
  readonly range?: (metrics: Metrics) => string;
};

const LINES: readonly Line[] = [
  {title: 'AUC', of: metrics => metrics.auc, up: true, range: metrics => interval(metrics.aucLow, metrics.aucHigh)},
  {title: 'PR-AUC', of: metrics => metrics.prAuc, up: true},
  {title: 'Log loss', of: metrics => metrics.logLoss, up: false},
  {title: 'Brier', of: metrics => metrics.brier, up: false},
  {title: 'ECE', of: metrics => metrics.ece, up: false},
];

export function Compare({versions}: {versions: readonly ModelVersion[]}) {
  const [first] = versions;
  if (!first) return <p className="muted">Choose versions to set side by side.</p>;
  const parameters = [...new Set(versions.flatMap(version => Object.keys(version.parameters)))];
  const differing = parameters.filter(
    name => new Set(versions.map(version => text(version.parameters[name]))).size > 1,
  );
  const same = parameters.filter(name => !differing.includes(name));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div className="table-scroll" tabIndex={0}>
      <table aria-label="Versions side by side">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            {versions.map(version => (
              <th key={version.version} scope="col" className="number">
                v{version.version}, {version.status}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LINES.map(line => (
            <tr key={line.title}>
              <th scope="row">{line.title}</th>
              {versions.map(version => (
                <td key={version.version} className="number">
                  <Figure line={line} metrics={version.metrics} against={version === first ? null : first.metrics} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Test rows</th>
            {versions.map(version => (
              <td key={version.version} className="number">
                {count(version.metrics.rows)}
              </td>
            ))}
          </tr>
          {differing.map(name => (
            <tr key={name}>
              <th scope="row" className="muted">
                {inWords(name)}
              </th>
              {versions.map(version => (
                <td key={version.version} className="number muted">
                  {text(version.parameters[name])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {same.length > 0 && (
        <details className="alike muted">
          <summary>
            {versions.length === 1
              ? plural(same.length, 'parameter')
              : `${plural(same.length, 'parameter is', 'parameters are')} the same`}
          </summary>
          <p>{same.map(name => `${inWords(name)} ${text(first.parameters[name])}`).join(', ')}</p>
        </details>
      )}
    </div>
  );
}

function Figure({line, metrics, against}: {line: Line; metrics: Metrics; against: Metrics | null}) {
  const value = line.of(metrics);
  const other = against === null ? null : line.of(against);
  const difference = value === null || other === null ? null : value - other;
  return (
    <>
      {difference !== null && (
        <span className="muted small">
          {signed(difference)} {difference === 0 ? 'same' : difference > 0 === line.up ? 'better' : 'worse'}{' '}
        </span>
      )}
      {ratio(value, 4)}
      {against === null && line.range && <span className="muted small"> {line.range(metrics)}</span>}
    </>
  );
}

const text = (value: unknown): string =>
  value === undefined ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);
