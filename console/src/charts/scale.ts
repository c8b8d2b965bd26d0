/** A straight line from values to pixels, and round numbers along it. */

export type Scale = {(value: number): number; readonly ticks: readonly number[]};

export function scale(domain: readonly [number, number], range: readonly [number, number], about = 5): Scale {
  const [low, high] = domain;
  const span = high - low || 1;
  const place = (value: number) => range[0] + ((value - low) / span) * (range[1] - range[0]);
  return Object.assign(place, {ticks: roundTicks(low, high, about)});
}

/** Multiples of 1, 2 or 5 times a power of ten within [low, high]. */
export function roundTicks(low: number, high: number, about: number): number[] {
  const raw = (high - low) / Math.max(1, about);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find(factor => factor * power >= raw) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({length: last - first + 1}, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
