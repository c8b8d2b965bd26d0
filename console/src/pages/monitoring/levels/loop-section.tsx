/** Whether a model that ranks or recommends shows ever fewer things to everybody, and what comes of those that are rare. */
import type {LoopReport} from 'millrace/protocol';
import {TimeChart} from '../../../charts/time-chart.tsx';
import {count, interval, percent, ratio, ratioTick} from '../../../format/numbers.ts';
import {DataTable} from '../../../parts/data-table.tsx';
import {Section} from '../../../parts/page.tsx';
import type {Column} from '../../../parts/table-columns.ts';
import {useAxis} from '../../../windows/window-charts.tsx';
import type {LevelProps} from './levels.tsx';

type HitRate = LoopReport['hitRates'][number];

const BUCKETS: Record<HitRate['bucket'], string> = {
  head: 'head: popular in the reference',
  middle: 'middle',
  tail: 'tail: rare in the reference',
};

/** Nothing where the policy names no item. */
export function LoopSection(props: LevelProps) {
  const {loop} = props.window;
  if (!loop) return null;
  const columns: readonly Column<HitRate>[] = [
    {id: 'bucket', title: 'Popularity', value: ({bucket}) => BUCKETS[bucket]},
    {id: 'shown', title: 'Shown', number: true, value: ({shown}) => shown, cell: ({shown}) => count(shown)},
    {
      id: 'rate',
      title: 'Hit rate',
      number: true,
      value: ({rate}) => rate?.value ?? null,
      cell: ({rate}) =>
        rate === null ? (
          <span className="muted">no labels yet</span>
        ) : (
          <>
            {ratio(rate.value)} <span className="muted small">{interval(rate.low, rate.high)}</span>
          </>
        ),
    },
    {
      id: 'labelled',
      title: 'Labelled',
      number: true,
      value: ({labelled}) => labelled,
      cell: ({labelled}) => count(labelled),
    },
  ];
  return (
    <Section
      title="Feedback loop"
      aside={`${count(loop.items)} of ${count(loop.catalogue)} items shown; ${percent(loop.longTail)} of the exposure is outside the head, 20 % was in the reference`}
    >
      <div className="columns">
        <LoopChart {...props} />
        <DataTable
          small
          name="hits"
          title="What came of what was shown"
          rows={loop.hitRates}
          columns={columns}
          keyOf={({bucket}) => bucket}
        />
      </div>
    </Section>
  );
}

function LoopChart(props: LevelProps) {
  const {windows, window} = props;
  const {frame, at} = useAxis(props);
  const loops = windows.map(({loop}) => loop ?? null);
  const diversity = window.loop?.diversity ?? null;
  return (
    <TimeChart
      {...frame}
      title={
        diversity === null
          ? 'Too few predictions to tell how diverse they are'
          : `${percent(diversity)} of the catalogue in ${count(window.loop?.perRows)} predictions`
      }
      axis="diversity, evenness (1: even to all) and exposure outside the head, per window; from 0"
      series={[
        {label: 'evenness', values: loops.map(loop => loop?.evenness ?? null), colour: '--n7'},
        {label: 'long tail', values: loops.map(loop => loop?.longTail ?? null), colour: '--c3'},
        {label: 'diversity', values: loops.map(loop => loop?.diversity ?? null), colour: '--accent'},
      ]}
      zero
      format={ratioTick}
      readout={i => {
        const loop = loops[i];
        return loop
          ? `${at(i)}: diversity ${ratio(loop.diversity)}, evenness ${ratio(loop.evenness)}, long tail ${ratio(loop.longTail)}, Gini ${ratio(loop.gini)}, n\u00a0${count(loop.rows)}`
          : `${at(i)}: not counted`;
      }}
    />
  );
}
