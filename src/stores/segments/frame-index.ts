/** Where each frame of the log lies, in typed arrays: 20 bytes a frame, so that a million small frames cost 20 MB. */

/** A segment file: named by the position of its first event. */
export type Segment = {readonly file: string; readonly firstFrame: number};

export class FrameIndex {
  #offsets = new Uint32Array(1_024);
  #sizes = new Uint32Array(1_024);
  #streams = new Uint32Array(1_024);
  #positions = new Float64Array(1_024);
  #length = 0;
  #end = 0;
  readonly #streamIds = new Map<string, number>();
  readonly #segments: Segment[] = [];

  /** Frames so far. */
  get length(): number {
    return this.#length;
  }

  /** Events so far. */
  get end(): number {
    return this.#end;
  }

  addSegment(file: string): void {
    this.#segments.push({file, firstFrame: this.#length});
  }

  /** The segment that grows, with its bytes so far; undefined if there is none. */
  lastSegment(): {readonly file: string; readonly bytes: number} | undefined {
    const segment = this.#segments.at(-1);
    if (!segment) return undefined;
    const frame = this.#length - 1;
    const bytes = frame < segment.firstFrame ? 0 : this.#offsets[frame]! + this.#sizes[frame]!;
    return {file: segment.file, bytes};
  }

  /** Adds a frame to the last segment. */
  add(stream: string, offset: number, size: number, count: number): void {
    const frame = this.#length;
    if (frame === this.#offsets.length) this.#grow();
    let id = this.#streamIds.get(stream);
    if (id === undefined) {
      id = this.#streamIds.size;
      this.#streamIds.set(stream, id);
    }
    this.#offsets[frame] = offset;
    this.#sizes[frame] = size;
    this.#streams[frame] = id;
    this.#positions[frame] = this.#end;
    this.#length = frame + 1;
    this.#end += count;
  }

  offset(frame: number): number {
    return this.#offsets[frame]!;
  }

  size(frame: number): number {
    return this.#sizes[frame]!;
  }

  /** Position of the frame's first event; for the frame after the last, the end. */
  position(frame: number): number {
    return frame < this.#length ? this.#positions[frame]! : this.#end;
  }

  /** A number that stands for the frame's stream. */
  streamId(frame: number): number {
    return this.#streams[frame]!;
  }

  /** The number of a stream by name; undefined if it has no events. */
  idOf(stream: string): number | undefined {
    return this.#streamIds.get(stream);
  }

  /** The frame that holds the event at `position`; `length` if that is at or past the end. */
  frameAt(position: number): number {
    if (position >= this.#end) return this.#length;
    return lastAtMost(this.#length, frame => this.#positions[frame]! <= position);
  }

  /** The segment that holds `frame`, and the first frame after that segment. */
  segmentOf(frame: number): Segment & {readonly endFrame: number} {
    const i = lastAtMost(this.#segments.length, k => this.#segments[k]!.firstFrame <= frame);
    return {...this.#segments[i]!, endFrame: this.#segments[i + 1]?.firstFrame ?? this.#length};
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
