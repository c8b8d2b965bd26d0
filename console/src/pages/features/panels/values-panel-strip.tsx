/** The window as a strip: its two edges, a tick an event, low and grey where nothing was taken of it. */
import type {WhyAnswer, WhyEvent} from 'millrace/protocol';
import {useId, useState} from 'react';
import {scale} from '../../../charts/scale.ts';
import {useWidth} from '../../../charts/use-width.ts';
import {significant} from '../../../format/numbers.ts';
import {type Times, useTimes} from '../../../format/times.ts';
import {before, eventsWords} from './values-panel-words.ts';

type Window = NonNullable<WhyAnswer['window']>;
type Props = {readonly at: number; readonly window: Window};

const TOP = 8;
const BAND = 36;
const HEIGHT = TOP + BAND + 26;
const PAD = 6;
/** About the width of a time (pixels). */
const LABEL = 100;
/** From this many events on, ticks are thin. */
const DENSE = 150;

export function EventStrip({at, window}: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [under, setUnder] = useState<WhyEvent | null>(null);
  const times = useTimes();
  const hatch = useId();
  const {from, to, events, count: all} = window;
  const oldest = events.at(-1)?.time ?? null;
  const start = from ?? oldest ?? to;
  const place = scale([start, Math.max(at, start + 1)], [PAD, width - PAD]);
  // Of what is not listed nothing can be drawn.
  const unknown = events.length < all && from !== null && oldest !== null ? place(oldest) : null;
  const said = eventsWords(window);
  const point = (x: number) => {
    const near = events.reduce<WhyEvent | null>(
      (best, event) =>
        best === null || Math.abs(place(event.time) - x) < Math.abs(place(best.time) - x) ? event : best,
      null,
    );
    setUnder(near);
  };
  return (
    <figure className="chart value-strip">
      <figcaption>
        <h3>{said}</h3>
        <span className="axis">{edgesWords(window, at, times)}</span>
      </figcaption>
      <div ref={box} style={{minHeight: HEIGHT}}>
        {width > 0 && (
          <svg
            className="picture"
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={`${said}. ${edgesWords(window, at, times)}`}
            onMouseMove={event => point(event.clientX - event.currentTarget.getBoundingClientRect().left)}
            onMouseLeave={() => setUnder(null)}
          >
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="2" height="6" fill="var(--n4)" />
            </pattern>
            <rect
              x={place(start)}
              y={TOP}
              width={Math.max(1, place(to) - place(start))}
              height={BAND}
              fill="var(--n2)"
            />
            {unknown !== null && (
              <rect
                x={place(start)}
                y={TOP}
                width={Math.max(0, unknown - place(start))}
                height={BAND}
                fill={`url(#${hatch})`}
              />
            )}
            {events.map(event => (
              <line
                key={event.position}
                x1={place(event.time)}
                x2={place(event.time)}
                y1={TOP + (event.input === null ? BAND - 10 : 6)}
                y2={TOP + BAND}
                stroke={event.input === null ? 'var(--n6)' : 'var(--accent)'}
                strokeWidth={event === under ? 3 : events.length > DENSE ? 1 : 1.5}
              />
            ))}
            <Edge x={place(start)} words={edgeWord(from, oldest, times)} anchor="start" dashed={from === null} />
            {to < at && (
              <Edge
                x={place(to)}
                words={place(to) - place(start) < 2 * LABEL ? '' : times.second(to)}
                anchor="end"
                dashed={false}
              />
            )}
            <Edge
              x={place(Math.max(at, start + 1))}
              words={to < at && place(at) - place(to) < 1.5 * LABEL ? 'query' : `query ${times.second(at)}`}
              anchor="end"
              dashed={to < at}
            />
          </svg>
        )}
      </div>
      <p className="readout" aria-live="off">
        {under
          ? `${under.id}: ${times.second(under.time)} ${times.zoneName}, ${before(under.time, at)}; ${taken(under)}`
          : all === 0
            ? ''
            : `a tick an event, newest to the right${events.some(event => event.input === null) ? '; low and grey: it gave nothing' : ''}${unknown === null ? '' : '; hatched: events that are not listed'}`}
      </p>
    </figure>
  );
}

type EdgeProps = {
  readonly x: number;
  readonly words: string;
  readonly anchor: 'start' | 'end';
  readonly dashed: boolean;
};

function Edge({x, words, anchor, dashed}: EdgeProps) {
  return (
    <g>
      <line
        x1={x}
        x2={x}
        y1={TOP - 6}
        y2={TOP + BAND + 8}
        stroke="var(--n8)"
        strokeWidth="1.5"
        strokeDasharray={dashed ? '3 3' : undefined}
      />
      <text x={x} y={HEIGHT - 4} fontSize="12" textAnchor={anchor} className="faint">
        {words}
      </text>
    </g>
  );
}

const edgeWord = (from: number | null, oldest: number | null, times: Times): string =>
  from !== null ? times.second(from) : oldest === null ? '' : `${times.second(oldest)}`;

const taken = ({input}: WhyEvent): string =>
  input === null ? 'gave nothing' : `gave ${typeof input === 'number' ? significant(input) : String(input)}`;

function edgesWords({from, to}: Window, at: number, times: Times): string {
  const zone = times.zoneName;
  if (from === null) return `no edge in time; to the query at ${times.second(to)} ${zone}`;
  const end =
    to < at ? `${times.second(to)}, before the query at ${times.second(at)}` : `the query at ${times.second(at)}`;
  return `from ${times.second(from)} to ${end} ${zone}; that moment itself is not in it`;
}
