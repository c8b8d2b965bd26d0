/** The four meanings: each has a colour, a shape and a word. */

export type Level = 'good' | 'watch' | 'bad' | 'unknown';

const SHAPES: Record<Level, string> = {
  good: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  watch: 'M6 .8 11.6 10.8H.4z',
  bad: 'M1.5 1.5h9v9h-9z',
  unknown: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z',
};

export function Shape({level, size = 12}: {level: Level; size?: number}) {
  return (
    <svg className={`meaning-${level}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      <path
        d={SHAPES[level]}
        fill={level === 'unknown' ? 'none' : 'currentColor'}
        stroke={level === 'unknown' ? 'currentColor' : 'none'}
        strokeWidth="1.5"
      />
    </svg>
  );
}

/** A shape and its word. */
export function Status({level, word}: {level: Level; word: string}) {
  return (
    <span className="status">
      <Shape level={level} size={10} />
      {word}
    </span>
  );
}
