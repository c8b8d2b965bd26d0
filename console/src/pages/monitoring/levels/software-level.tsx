/** The machine: how fast, how many errors, and what is left of what was promised. */
import type {SloStatus} from 'millrace/protocol';
import {formatDuration} from 'millrace/protocol';
import {TimeChart} from '../../../charts/time-chart.tsx';
import {compact, count, percent, ratio} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {type Level, Status} from '../../../parts/meaning.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {LatencyChart, useAxis} from '../../../windows/window-charts.tsx';
import type {LevelProps} from './levels.tsx';

export function SoftwareLevel(props: LevelProps) {
  return (
    <>
      <Objectives slos={props.slos} />
      <div className="columns">
        <LatencyChart {...props} />
        <ErrorsChart {...props} />
      </div>
    </>
  );
}

function ErrorsChart(props: LevelProps) {
  const {windows} = props;
  const {frame, at} = useAxis(props);
  const errors = windows.reduce((sum, window) => sum + window.errors, 0);
  return (
    <TimeChart
      {...frame}
      title={errors === 0 ? 'Every request was answered' : `${count(errors)} requests without an answer`}
      axis="requests that could not be answered, per window; from 0"
      series={[
        {
          label: 'errors',
          values: windows.map(window => window.errors),
          colour: '--bad',
          kind: 'bars',
          unlabelled: true,
        },
      ]}
      zero
      format={compact}
      readout={i => `${at(i)}: ${count(windows[i]?.errors)} of ${count(windows[i]?.predictions)}`}
    />
  );
}

const HOUR = 3_600_000;

/** The rate from which a stretch speaks for telling people: the table of burn rates of the SRE workbook. */
const ratedFrom = (overMs: number): number =>
  overMs > 6 * HOUR ? 1 : overMs === 6 * HOUR || overMs === HOUR / 2 ? 6 : 14.4;

const budgetLevel = (left: number | null): Level =>
  left === null ? 'unknown' : left <= 0 ? 'bad' : left < 0.25 ? 'watch' : 'good';

function Objectives({slos}: {slos: readonly SloStatus[]}) {
  if (slos.length === 0)
    return (
      <Section title="Objectives">
        <Empty
          title="Nothing is promised"
          text="An objective is a share of good answers over a stretch of time. People are paged when its budget of errors burns so fast that it will not last."
          command="monitorPolicy({slos: [slo('fast', {of: 'latency', below: '50ms', target: 0.99})]})"
          docs="docs/rooms/monitoring.md"
        />
      </Section>
    );
  const stretches = [...new Set(slos.flatMap(({burn}) => burn.map(({overMs}) => overMs)))].sort((a, b) => a - b);
  const columns: readonly Column<SloStatus>[] = [
    {id: 'name', title: 'Objective', value: ({name}) => name},
    {id: 'objective', title: 'Promise', value: ({objective}) => objective},
    {
      id: 'left',
      title: 'Budget left',
      value: ({budgetLeft}) => budgetLeft,
      cell: ({budgetLeft}) => (
        <Status
          level={budgetLevel(budgetLeft)}
          word={budgetLeft === null ? 'no traffic yet' : budgetLeft < 0 ? 'spent' : percent(budgetLeft)}
        />
      ),
    },
    {
      id: 'bad',
      title: 'Bad of all',
      number: true,
      value: ({good, total}) => total - good,
      cell: ({good, total}) => (
        <>
          {count(total - good)} <span className="muted">of {compact(total)}</span>
        </>
      ),
    },
    ...stretches.map((overMs): Column<SloStatus> => {
      const rateOf = ({burn}: SloStatus) => burn.find(stretch => stretch.overMs === overMs)?.rate ?? null;
      return {
        id: `burn${overMs}`,
        title: `Burn, ${formatDuration(overMs)}`,
        number: true,
        value: rateOf,
        cell: slo => {
          const rate = rateOf(slo);
          return rate === null ? (
            <span className="muted">–</span>
          ) : rate < ratedFrom(overMs) ? (
            ratio(rate, 1)
          ) : (
            <Status level={overMs > 6 * HOUR ? 'watch' : 'bad'} word={ratio(rate, 1)} />
          );
        },
      };
    }),
  ];
  return (
    <DataTable
      name="slos"
      title="Objectives"
      aside="a burn of 1 uses the budget up exactly at the end of its stretch"
      rows={slos}
      columns={columns}
      keyOf={({name}) => name}
    />
  );
}
