/** Numbers one after the other in bytes, little-endian: how sketches are kept. */

export class SketchWriter {
  readonly #view: DataView;
  #at = 0;

  /** `length`: bytes, at least as many as will be written. */
  constructor(length: number) {
    this.#view = new DataView(new ArrayBuffer(length));
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#at);
  }

  byte(value: number): void {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
  }

  word16(value: number): void {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
  }

  word32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  double(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }
}

/** Throws a RangeError where there are fewer or more bytes than are asked for. */
export class SketchReader {
  readonly #view: DataView;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1));
  }

  word16(): number {
    return this.#view.getUint16(this.#next(2), true);
  }

  word32(): number {
    return this.#view.getUint32(this.#next(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#next(8), true);
  }

  end(): void {
    if (this.#at !== this.#view.byteLength) this.#refuse();
  }

  #next(length: number): number {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#view.byteLength) this.#refuse();
    return from;
  }

  #refuse(): never {
    throw new RangeError(`${this.#view.byteLength} bytes are not ${this.#what}`);
  }
}
