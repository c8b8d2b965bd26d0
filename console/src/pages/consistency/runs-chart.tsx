import type {ConsistencyRun} from 'millrace/protocol';
import {TimeChart} from '../../charts/time-chart.tsx';
import {count, plural, short} from '../../format/numbers.ts';
import {useTimes} from '../../format/times.ts';
import {Section} from '../../parts/page.tsx';
import {asOf} from './verdict.ts';

/** `runs`: oldest first, at least two. */
export function RunsChart({runs}: {runs: readonly ConsistencyRun[]}) {
  const times = useTimes();
  const wrong = runs.filter(run => run.mismatches > 0).length;
  return (
    <Section title="Over time" aside={plural(runs.length, 'run')}>
      <TimeChart
        title={wrong === 0 ? 'No run found a difference' : `${wrong} of ${runs.length} runs found differences`}
        axis="values that differ, per million compared; from 0"
        times={runs.map(run => run.startedAt)}
        series={[
          {
            label: 'differ',
            values: runs.map(run => (run.values === 0 ? null : (1e6 * run.mismatches) / run.values)),
            colour: '--accent',
          },
        ]}
        extent={{from: runs[0]?.startedAt ?? 0, to: runs.at(-1)?.startedAt ?? 1}}
        zero
        format={value => short(value)}
        readout={i => {
          const run = runs[i];
          return run
            ? `run ${run.number}, ${asOf(run.startedAt, times)}: ${count(run.mismatches)} of ${count(run.values)} values differ`
            : '';
        }}
        sync="consistency"
        height={160}
      />
    </Section>
  );
}
