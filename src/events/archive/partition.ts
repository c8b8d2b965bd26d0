/** Partitions of time: UTC days or months, named by the instant at which they begin. */

export type PartitionBy = 'day' | 'month';

/** [from, to) in UTC ms. */
export type TimeRange = {readonly from: number; readonly to: number};

/** What the archive holds of a stretch of event time. */
export type ArchivePartition = TimeRange & {
  readonly rows: number;
  /** Changes if and only if the events do: a late one comes, or one is erased. Compaction does not change it. */
  readonly version: string;
};

const DAY_MS = 86_400_000;

/** The partition that holds an instant. */
export function partitionAt(by: PartitionBy, time: number): TimeRange {
  if (by === 'day') {
    const from = Math.floor(time / DAY_MS) * DAY_MS;
    return {from, to: from + DAY_MS};
  }
  const date = new Date(time);
  const month = (ahead: number) => new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1);
  return {from: month(0), to: month(1)};
}

/** A name for files: 2001-01-31, or 2001-01. */
export function partitionName(by: PartitionBy, from: number): string {
  return new Date(from)
    .toISOString()
    .split('T')[0]!
    .slice(0, by === 'day' ? undefined : -3);
}
