/** Measurements over time: uPlot with a title that answers, one readout, a shared cursor and a brush. */
import {useEffect, useId, useRef, useState} from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {useTimes} from '../format/times.ts';
import {useTheme} from '../frame/theme.ts';
import {chartData, chartOptions} from './time-chart-options.ts';
import type {TimeChartProps} from './time-chart-types.ts';
import {useWidth} from './use-width.ts';

export function TimeChart(props: TimeChartProps) {
  const {title, axis, times, series, readout, height = 200} = props;
  const [box, width] = useWidth<HTMLDivElement>();
  const [cursor, setCursor] = useState<number | null>(null);
  const [theme] = useTheme();
  const {zone} = useTimes();
  const id = useId();
  const newest = useRef(props);
  newest.current = props;
  // Everything that changes the picture; functions are left out, they are new at every drawing.
  const picture = JSON.stringify([times, series, props.bands, props.marks, props.immature, props.extent]);

  useEffect(() => {
    void picture;
    void theme;
    if (!box.current || width === 0) return;
    const plot = new uPlot(
      chartOptions(newest.current, {width, height, zone}, setCursor),
      chartData(newest.current),
      box.current,
    );
    plot.root.dataset.zone = zone;
    plot.redraw();
    const clear = () => newest.current.onBrush?.(null);
    plot.over.addEventListener('dblclick', clear);
    return () => plot.destroy();
  }, [picture, width, height, theme, zone, box]);

  const index = cursor ?? lastKnown(series);
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>
        <h3>{title}</h3>
        <p className="axis">{axis}</p>
      </figcaption>
      <div ref={box} className="canvas" style={{height}} role="img" aria-label={title} />
      <p className="readout">{times.length > 0 && index >= 0 ? readout(index) : 'No data in this time range.'}</p>
    </figure>
  );
}

/** The newest point at which every series that has values at all has one. */
function lastKnown(series: TimeChartProps['series']): number {
  const last = series.map(one => one.values.findLastIndex(value => value !== null)).filter(index => index >= 0);
  return last.length === 0 ? -1 : Math.min(...last);
}
