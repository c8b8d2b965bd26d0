import {type Html, html, nothing} from './html.ts';
import type {Picture} from './table-report.ts';
import {figure, share} from './words.ts';

const WIDTH = 168;
const HEIGHT = 44;

/** Both distributions on one baseline, the reference in grey behind. Each bar says its shares when pointed at. */
export function histogramSvg(picture: Picture | null, column: string): Html {
  if (picture === null) return nothing;
  const {reference, current, labels, range} = picture;
  const most = Math.max(...reference, ...current) || 1;
  const step = WIDTH / reference.length;
  const gap = step > 6 ? 1 : 0;
  const bar = (value: number, i: number, kind: 'before' | 'now'): Html => {
    // The current bars are narrower, so that the grey ones are seen where they are lower too.
    const inset = kind === 'now' ? step * 0.18 : 0;
    const height = (value / most) * (HEIGHT - 2);
    return html`<rect class="${kind}" x="${(i * step + gap / 2 + inset).toFixed(2)}" y="${(HEIGHT - height).toFixed(2)}" width="${(step - gap - 2 * inset).toFixed(2)}" height="${height.toFixed(2)}"/>`;
  };
  const bars = reference.map((before, i) => {
    const name = labels
      ? labels[i]!
      : `${figure(edge(range!, i, reference.length))} to ${figure(edge(range!, i + 1, reference.length))}`;
    return html`<g><title>${name}: ${share(before)} before, ${share(current[i]!)} now</title><rect class="reach" x="${(i * step).toFixed(2)}" y="0" width="${step.toFixed(2)}" height="${HEIGHT}"/>${bar(before, i, 'before')}${bar(current[i]!, i, 'now')}</g>`;
  });
  const ends = range
    ? [figure(range.low), figure(range.high)]
    : [labels?.[0] ?? '', labels && labels.length > 1 ? labels.at(-1)! : ''];
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Distribution of ${column}, before and now">${bars}<line class="base" x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}"/></svg><span class="ends"><span>${ends[0]!}</span><span>${ends[1]!}</span></span>`;
}

const edge = ({low, high}: {readonly low: number; readonly high: number}, i: number, bars: number): number =>
  low + ((high - low) * i) / bars;
