/** Rules about data, tried on what was served: which are kept, which are broken, and by what. */
import type {QualityResult} from 'millrace/protocol';
import {count, percent, short} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {type Level, Status} from '../../../parts/meaning.tsx';
import {Go} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import type {LevelProps} from './levels.tsx';

const ORDER = {broken: 0, 'insufficient data': 1, kept: 2} as const;

const levelOf = ({verdict, severity}: QualityResult): Level =>
  verdict === 'kept' ? 'good' : verdict === 'insufficient data' ? 'unknown' : severity === 'page' ? 'bad' : 'watch';

export function QualityLevel({window, detail}: LevelProps) {
  const results = window.quality ?? [];
  if (results.length === 0)
    return (
      <Empty
        title="No rules are tried on what is served"
        text="Ranges, sets, nulls, order of columns: one broken row in a thousand matters. This prints those that the training rows speak for, to paste into the policy."
        command={`npx millrace monitor suggest ${detail.model}`}
        docs="docs/rooms/monitoring.md"
      />
    );
  const broken = results.filter(({verdict}) => verdict === 'broken').length;
  const columns: readonly Column<QualityResult>[] = [
    {
      id: 'verdict',
      title: 'Verdict',
      value: ({verdict}) => verdict,
      cell: result => <Status level={levelOf(result)} word={result.verdict} />,
    },
    {
      id: 'check',
      title: 'Rule',
      value: ({check, level, subjects}) => `${check} (${level} ${subjects.join(', ')})`,
      cell: result => <Rule result={result} />,
      wrap: true,
    },
    {
      id: 'broken',
      title: 'Broken by',
      number: true,
      value: ({broken: rows}) => rows,
      cell: ({broken: rows, rows: all}) => (
        <>
          {count(rows)}{' '}
          <span className="muted">
            of {count(all)}, {percent(all === 0 ? 0 : rows / all)}
          </span>
        </>
      ),
    },
    {
      id: 'measured',
      title: 'Measured / limit',
      number: true,
      value: ({measured}) => measured ?? null,
      cell: ({measured, limit}) =>
        measured === undefined ? '–' : `${short(measured)} / ${limit === undefined ? '–' : short(limit)}`,
    },
    {id: 'message', title: 'In words', value: ({message}) => message, wrap: true},
    {id: 'severity', title: 'Tells', value: ({severity}) => `by a ${severity}`, extra: true},
  ];
  return (
    <DataTable
      name="quality"
      title={broken === 0 ? 'All rules are kept' : `${broken} of ${results.length} rules are broken`}
      aside={`tried on ${count(window.predictions)} predictions`}
      rows={[...results].sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict])}
      columns={columns}
      keyOf={({check, level, subjects}) => `${level} ${subjects.join()} ${check}`}
    />
  );
}

/** With what it is about, and the way to it. */
function Rule({result: {check, level, subjects, severity}}: {result: QualityResult}) {
  return (
    <>
      {check}
      <br />
      <span className="muted small">
        {level !== 'prediction' && `${level} `}
        {subjects.map((subject, i) => (
          <span key={subject}>
            {i > 0 && ', '}
            {level === 'feature' ? <Go to={`/features/${encodeURIComponent(subject)}`}>{subject}</Go> : subject}
          </span>
        ))}
        ; by a {severity}
      </span>
    </>
  );
}
