import type {ReportedRows} from './table-report.ts';

/** `2001-04-01 to 2001-04-30 UTC`; empty where rows have no times. */
export function spanWords({from, to}: ReportedRows): string {
  if (from === null || to === null) return '';
  const [a, b] = [from, to].map(time => new Date(time).toISOString());
  const sameDay = a!.slice(0, 10) === b!.slice(0, 10);
  if (sameDay) return `${a!.slice(0, 16).replace('T', ' ')} to ${b!.slice(11, 16)} UTC`;
  return `${a!.slice(0, 10)} to ${b!.slice(0, 10)} UTC`;
}
