/**
 * A buffer that is filled from front to back, little-endian, and grows as needed. One writer serves all
 * frames of a log: `clear()` and write again. This file is the log's hot path, so it trades looks for speed.
 */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(4_096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written so far: a view, valid until the next write. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Takes `count` bytes to be filled in later, by their offset. */
  skip(count: number): number {
    return this.#take(count);
  }

  u8(value: number, at: number = this.#take(1)): void {
    this.#bytes[at] = value;
  }

  u16(value: number, at: number = this.#take(2)): void {
    this.#view.setUint16(at, value, true);
  }

  u32(value: number, at: number = this.#take(4)): void {
    this.#view.setUint32(at, value, true);
  }

  f64(value: number, at: number = this.#take(8)): void {
    this.#view.setFloat64(at, value, true);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
  }

  numbers(values: Float64Array): void {
    if (values.length >= 16) {
      this.raw(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return;
    }
    let at = this.#take(values.length * 8);
    for (const value of values) {
      this.#view.setFloat64(at, value, true);
      at += 8;
    }
  }

  /** The string as UTF-8 without its length; returns the number of bytes. */
  text(value: string): number {
    const start = this.#take(0, value.length * 3);
    const bytes = this.#bytes;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) {
        const length = bytes.write(value, start, 'utf8');
        this.#length = start + length;
        return length;
      }
      bytes[start + i] = code;
    }
    this.#length = start + value.length;
    return value.length;
  }

  #take(count: number, room: number = count): number {
    const at = this.#length;
    if (at + room > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, at + room));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = at + count;
    return at;
  }
}
