/**
 * Where each frame of the log lies, in typed arrays: 24 bytes a frame, so that a million small frames cost 24 MB.
 * Frames keep their number when older ones are dropped.
 */

/** A segment file, named by the position of its first event. A rewritten file is another object. */
export type Segment = {readonly file: string; readonly firstFrame: number};

/** A frame of events, those included that were erased. */
export type Frame = {
  readonly streamId: number;
  readonly position: number;
  readonly count: number;
  readonly offset: number;
  readonly size: number;
};

export class FrameIndex {
  #offsets = new Uint32Array(1_024);
  #sizes = new Uint32Array(1_024);
  #streams = new Uint32Array(1_024);
  #positions = new Float64Array(1_024);
  /** The number of the first frame, which is at index 0 of the arrays. */
  #first = 0;
  /** One past the number of the last frame. */
  #length = 0;
  #end: number;
  readonly #streamIds = new Map<string, number>();
  #segments: Segment[] = [];

  /** @param start position of the first event that there will be */
  constructor(start = 0) {
    this.#end = start;
  }

  /** The number of the first frame that was not dropped. */
  get firstFrame(): number {
    return this.#first;
  }

  /** Position of the first event. */
  get start(): number {
    return this.position(this.#first);
  }

  /** One past the position of the last event. */
  get end(): number {
    return this.#end;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  addSegment(file: string): void {
    this.#segments.push({file, firstFrame: this.#length});
  }

  /** The segment that grows, with its bytes so far; undefined if there is none. */
  lastSegment(): {readonly file: string; readonly bytes: number} | undefined {
    const segment = this.#segments.at(-1);
    if (!segment) return undefined;
    if (this.#length === segment.firstFrame) return {file: segment.file, bytes: 0};
    const {offset, size} = this.frame(this.#length - 1);
    return {file: segment.file, bytes: offset + size};
  }

  /** Adds a frame to the last segment. */
  add(stream: string, offset: number, size: number, count: number): void {
    const i = this.#length - this.#first;
    if (i === this.#offsets.length) this.#grow();
    let id = this.#streamIds.get(stream);
    if (id === undefined) {
      id = this.#streamIds.size;
      this.#streamIds.set(stream, id);
    }
    this.#offsets[i] = offset;
    this.#sizes[i] = size;
    this.#streams[i] = id;
    this.#positions[i] = this.#end;
    this.#length++;
    this.#end += count;
  }

  frame(frame: number): Frame {
    const i = frame - this.#first;
    const position = this.#positions[i]!;
    return {
      streamId: this.#streams[i]!,
      position,
      count: this.position(frame + 1) - position,
      offset: this.#offsets[i]!,
      size: this.#sizes[i]!,
    };
  }

  /** Position of the frame's first event; for the frame after the last, the end. */
  position(frame: number): number {
    return frame < this.#length ? this.#positions[frame - this.#first]! : this.#end;
  }

  /** A number that stands for the frame's stream. */
  streamId(frame: number): number {
    return this.#streams[frame - this.#first]!;
  }

  /** The number of a stream by name; undefined if it never had events. */
  idOf(stream: string): number | undefined {
    return this.#streamIds.get(stream);
  }

  /** The frame that holds the event at `position`: the first one if that is before the start, one past the last at or past the end. */
  frameAt(position: number): number {
    if (position >= this.#end) return this.#length;
    const count = this.#length - this.#first;
    return this.#first + lastAtMost(count, i => this.#positions[i]! <= position);
  }

  /** The segment that holds `frame`, and the first frame after that segment. */
  segmentOf(frame: number): {readonly segment: Segment; readonly endFrame: number} {
    const i = lastAtMost(this.#segments.length, k => this.#segments[k]!.firstFrame <= frame);
    return {segment: this.#segments[i]!, endFrame: this.#segments[i + 1]?.firstFrame ?? this.#length};
  }

  /** Says that the file of a segment was written anew, with its frames at these places. */
  moved(segment: Segment, offsets: Uint32Array, sizes: Uint32Array): void {
    this.#segments = this.#segments.map(each => (each === segment ? {...segment} : each));
    this.#offsets.set(offsets, segment.firstFrame - this.#first);
    this.#sizes.set(sizes, segment.firstFrame - this.#first);
  }

  /** The segments whose events are all before `position`, but for the last, which grows. */
  segmentsBefore(position: number): readonly Segment[] {
    const last = this.#segments.findLastIndex(({firstFrame}) => this.position(firstFrame) <= position);
    return this.#segments.slice(0, Math.max(0, last));
  }

  /** Forgets the first segments, as many as given. */
  drop(segments: number): void {
    this.#segments = this.#segments.slice(segments);
    const first = this.#segments[0]!.firstFrame;
    const gone = first - this.#first;
    for (const array of [this.#offsets, this.#sizes, this.#streams, this.#positions]) array.copyWithin(0, gone);
    this.#first = first;
  }

  #grow(): void {
    const capacity = this.#offsets.length * 2;
    const copy = <A extends Uint32Array | Float64Array>(grown: A, old: A): A => {
      grown.set(old);
      return grown;
    };
    this.#offsets = copy(new Uint32Array(capacity), this.#offsets);
    this.#sizes = copy(new Uint32Array(capacity), this.#sizes);
    this.#streams = copy(new Uint32Array(capacity), this.#streams);
    this.#positions = copy(new Float64Array(capacity), this.#positions);
  }
}

/** The last i in [0, length) for which `atMost` holds; it holds up to some i and not after; 0 if it never does. */
function lastAtMost(length: number, atMost: (i: number) => boolean): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (atMost(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
