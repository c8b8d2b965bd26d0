/** What uPlot does not draw by itself: hatching, marks, and names at the ends of lines. */
import type uPlot from 'uplot';
import {resolved} from './colours.ts';
import type {Mark, TimeChartProps, TimeSeries} from './time-chart-types.ts';

const DASH: Record<Mark['kind'], number[]> = {deploy: [], retrain: [4, 3], incident: [1, 3]};
const INK: Record<Mark['kind'], string> = {deploy: '--n7', retrain: '--accent', incident: '--bad'};

/** Diagonal lines over the stretch whose labels are not complete. */
export function paintImmature(plot: uPlot, {immature}: TimeChartProps): void {
  if (!immature) return;
  const {ctx, bbox} = plot;
  const ratio = devicePixelRatio;
  const from = Math.max(bbox.left, plot.valToPos(immature.from / 1_000, 'x', true));
  const to = Math.min(bbox.left + bbox.width, plot.valToPos(immature.to / 1_000, 'x', true));
  if (to <= from) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, to - from, bbox.height);
  ctx.clip();
  ctx.strokeStyle = resolved('--n4');
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (let x = from - bbox.height; x < to; x += 6 * ratio) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** Thin vertical lines; a name is left out where it would cover its neighbour's. */
export function paintMarks(plot: uPlot, marks: readonly Mark[]): void {
  const {ctx, bbox} = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${11 * ratio}px ${resolved('--sans')}`;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'center';
  let free = Number.NEGATIVE_INFINITY;
  for (const mark of [...marks].sort((a, b) => a.at - b.at)) {
    const x = Math.round(plot.valToPos(mark.at / 1_000, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = resolved(INK[mark.kind]);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.globalAlpha = 0.75;
    ctx.lineWidth = ratio;
    ctx.setLineDash(DASH[mark.kind].map(length => length * ratio));
    ctx.beginPath();
    ctx.moveTo(x + 0.5, bbox.top);
    ctx.lineTo(x + 0.5, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    const half = ctx.measureText(mark.label).width / 2 + 2 * ratio;
    if (x - half < free) continue;
    free = x + half;
    ctx.fillText(mark.label, x, bbox.top - 2 * ratio);
  }
  ctx.restore();
}

/** The name of each line beside its last value, pushed apart where two would overlap. */
export function paintNames(plot: uPlot, series: readonly TimeSeries[]): void {
  const {ctx, bbox} = plot;
  const ratio = devicePixelRatio;
  const gap = 14 * ratio;
  const names = series
    .map((one, i) => ({one, data: plot.data[i + 1]}))
    .filter(({one}) => !one.unlabelled)
    .flatMap(({one, data}) => {
      const last = [...(data ?? [])].findLast(value => value !== null && value !== undefined);
      return last === null || last === undefined ? [] : [{one, y: plot.valToPos(last, 'y', true)}];
    })
    .sort((a, b) => a.y - b.y);
  names.forEach((name, i) => {
    const above = names[i - 1];
    if (above) name.y = Math.max(name.y, above.y + gap);
  });
  const over = (names.at(-1)?.y ?? 0) - (bbox.top + bbox.height);
  if (over > 0) for (const name of names) name.y -= over;
  ctx.save();
  ctx.font = `${11.5 * ratio}px ${resolved('--sans')}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const {one, y} of names) {
    ctx.fillStyle = resolved(one.colour);
    ctx.fillText(one.label, bbox.left + bbox.width + 6 * ratio, y);
  }
  ctx.restore();
}
