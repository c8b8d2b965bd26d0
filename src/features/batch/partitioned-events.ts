/** [from, to) in UTC ms. */
export type EventRange = {readonly from: number; readonly to: number};

/** Archived events in partitions of time, as `EventArchive` keeps them. */
export type PartitionedEvents = {
  /** SQL of the events of a stream, of the range only if it is given. */
  readonly relation: (stream: string, range?: EventRange) => string;
  /** The partitions with events, in order of time. A version changes if and only if the events of its partition do. */
  readonly partitions: (stream: string) => readonly (EventRange & {readonly rows: number; readonly version: string})[];
};

/** The partitions that may hold events of a range. */
export const partitionsIn = (events: PartitionedEvents, stream: string, {from, to}: EventRange) =>
  events.partitions(stream).filter(partition => partition.from < to && partition.to > from);
