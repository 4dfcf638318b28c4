import { setImmediate } from 'node:timers/promises';
import type { TarEntry } from '../formats/tar/index.ts';
import type { Held } from './held-file.ts';

/** So much of a file's beginning is at hand while it passes; a single wait may be for as much. */
const mostBytes = 16 * 1024 * 1024;

/** Thrown to whoever asks for bytes that are gone. */
export class BytesGone extends Error {}

interface Wait {
  readonly offset: number;
  readonly bytes: Buffer;
  had: number;
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A file of a layer while its bytes pass: its beginning can be asked for as soon as it was collected, what lies further
 * on can be waited for. It is of no use any more when the next entry is asked for.
 */
export class PassingFile implements Held {
  readonly sizeBytes: number;
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #window: Window;
  #view: Uint8Array = Buffer.alloc(0);
  /** Bytes that came by, those beyond the view too. */
  #passed = 0;
  /** The rest of a piece, which comes next. */
  #ahead: Uint8Array | undefined;
  #waits: Wait[] = [];

  constructor(entry: TarEntry, window: Window) {
    this.sizeBytes = entry.header.sizeBytes;
    this.#body = entry.body[Symbol.asyncIterator]();
    this.#window = window;
  }

  get leadingBytes(): number {
    return this.#view.length;
  }

  /** The first `length` bytes, fewer where the file is shorter or `length` more than is kept at hand. */
  async beginning(length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.sizeBytes, mostBytes);
    while (this.#view.length < wanted && (await this.#next()) !== undefined);
    return this.#view.subarray(0, wanted);
  }

  /** Every byte in its order, also those that are at hand already. */
  async *all(): AsyncGenerator<Uint8Array> {
    if (this.#view.length > 0) yield this.#view;
    for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) yield piece;
  }

  read(offset: number, length: number): Uint8Array | undefined {
    return offset + length <= this.#view.length ? this.#view.subarray(offset, offset + length) : undefined;
  }

  await(offset: number, length: number): Promise<Uint8Array> {
    const isGone = offset < this.#passed && this.#passed > this.#view.length;
    if (isGone || length > mostBytes || offset + length > this.sizeBytes) return Promise.reject(new BytesGone());
    const bytes = Buffer.allocUnsafeSlow(length);
    const known = this.#view.subarray(offset);
    bytes.set(known);
    return new Promise((resolve, reject) => {
      this.#waits.push({ offset, bytes, had: known.length, resolve, reject });
    });
  }

  /** Lets the file pass for as long as `work` waits for parts of it. */
  async during<T>(work: Promise<T>): Promise<T> {
    const state = { ended: false };
    const end = () => {
      state.ended = true;
    };
    work.then(end, end);
    while (this.#view.length < this.sizeBytes && !state.ended) {
      // The event loop turns so that `work` comes to its next question before more bytes pass.
      await setImmediate();
      if (this.#waits.length > 0 && (await this.#next()) === undefined) this.#giveUp();
    }
    return work;
  }

  async #next(): Promise<Uint8Array | undefined> {
    this.#view = this.#window.hold(this.#view, Math.min(this.sizeBytes, mostBytes));
    const piece = await this.#piece();
    if (piece === undefined) return undefined;
    const at = this.#passed;
    if (at === this.#view.length && at < mostBytes) this.#view = this.#window.append(this.#view, piece);
    this.#passed += piece.length;
    if (this.#waits.length > 0) this.#hand(piece, at);
    return piece;
  }

  /** No more than there is room for in the view, so that who asks for what follows can still wait for it. */
  async #piece(): Promise<Uint8Array | undefined> {
    const piece = this.#ahead ?? (await this.#body.next()).value;
    const room = mostBytes - this.#view.length;
    const isCut = piece !== undefined && room > 0 && piece.length > room;
    this.#ahead = isCut ? piece.subarray(room) : undefined;
    return isCut ? piece.subarray(0, room) : piece;
  }

  #hand(piece: Uint8Array, at: number): void {
    for (const wait of this.#waits) {
      const from = wait.offset + wait.had - at;
      if (from < 0 || from >= piece.length) continue;
      const part = piece.subarray(from, from + wait.bytes.length - wait.had);
      wait.bytes.set(part, wait.had);
      wait.had += part.length;
      if (wait.had === wait.bytes.length) wait.resolve(wait.bytes);
    }
    this.#waits = this.#waits.filter(({ had, bytes }) => had < bytes.length);
  }

  #giveUp(): void {
    for (const { reject } of this.#waits.splice(0)) reject(new BytesGone());
  }
}

/** Room for the beginning of the file that is passing, used for one after the other. */
export class Window {
  #bytes = Buffer.alloc(0);

  /** `view` where it outlasts the chunk that it lies in; `sizeBytes` is what may come in all. */
  hold(view: Uint8Array, sizeBytes: number): Uint8Array {
    if (view.length === 0 || view.length === sizeBytes) return view;
    if (view.buffer === this.#bytes.buffer && sizeBytes <= this.#bytes.length) return view;
    if (sizeBytes > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(sizeBytes)));
    this.#bytes.set(view);
    return this.#bytes.subarray(0, view.length);
  }

  /** `view` with what follows it; a file that comes in one piece is left where it lies. */
  append(view: Uint8Array, piece: Uint8Array): Uint8Array {
    if (view.length === 0) return piece;
    this.#bytes.set(piece, view.length);
    return this.#bytes.subarray(0, view.length + piece.length);
  }
}
