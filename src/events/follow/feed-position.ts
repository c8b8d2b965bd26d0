// How far a feed has been taken, kept beside the position of the log at that moment. What the log holds of the stream
// from there on may come again after a crash, and is known by its ids however far apart in time the events lie.
import type {JsonValue} from '../../protocol/index.ts';
import type {EventLog, MetadataStore} from '../../stores/index.ts';

export type FeedPosition = {
  /** The feed's own checkpoint; null: nothing has been taken. */
  readonly checkpoint: JsonValue | null;
  /** End of the log when the checkpoint was taken: later events of the stream may be part of what the feed gives next. */
  readonly logEnd: number;
};

const KIND = 'feed-position';

export async function loadPosition(metadata: MetadataStore, stream: string): Promise<FeedPosition | undefined> {
  const record = await metadata.get(KIND, stream);
  return record?.value as FeedPosition | undefined;
}

export async function savePosition(
  metadata: MetadataStore,
  stream: string,
  at: number,
  position: FeedPosition,
): Promise<void> {
  await metadata.write([{kind: KIND, id: stream, at, value: position}]);
}

/** Ids of the events of a stream that the log has from a position on: as a rule those of one batch. */
export async function idsSince(log: EventLog, stream: string, from: number): Promise<Set<string>> {
  const ids = new Set<string>();
  if (from >= log.end()) return ids;
  for await (const batch of log.read({stream, from})) for (const id of batch.ids) ids.add(id);
  return ids;
}
