// Figures as the terminal prints them.

/** `1,234,567`. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** A quality to three decimals; a dash where there is none. */
export const metric = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);

/** `17.9 %`. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined || Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`;

/** `12.3 s`. */
export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;

/** `2001-04-01 06:00`, UTC. */
export const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** `2001-04-01`, UTC. */
export const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
