/** A trend the size of a word; the last value is dotted. Free baseline, gaps stay gaps. */
export function Sparkline({
  values,
  width = 112,
  height = 20,
}: {
  values: readonly (number | null)[];
  width?: number;
  height?: number;
}) {
  const known = values.filter(value => value !== null);
  if (known.length < 2) return null;
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (i: number) => 2 + (i / (values.length - 1)) * (width - 6);
  const y = (value: number) => height - 3 - ((value - low) / span) * (height - 6);
  let path = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = value !== null;
  });
  const last = values.findLastIndex(value => value !== null);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={path} fill="none" stroke="var(--n6)" strokeWidth="1.2" />
      <circle cx={x(last)} cy={y(values[last] ?? low)} r="2" fill="var(--accent)" />
    </svg>
  );
}
