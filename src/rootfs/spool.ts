import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Source, systemFault } from '../kit/index.ts';
import { partOf } from './entry-content.ts';
import type { Held } from './held-file.ts';
import { readRange, unreadable } from './host-source.ts';

/** Bytes put by in a file without a name: nothing of it is left when the process ends, however it ends. */
export class Spool implements Source {
  readonly #fd: number;
  #length = 0;

  constructor(directory: string) {
    this.#fd = openNameless(directory);
  }

  /** How many there are so far. */
  get sizeBytes(): number {
    return this.#length;
  }

  open(): AsyncIterable<Uint8Array> {
    return partOf(this.readAt, 0, this.#length).open();
  }

  readonly readAt = async (offset: number, length: number): Promise<Uint8Array> => readRange(this.#fd, offset, length);

  /** The bytes of `source`, each put by before it is handed on. */
  async *keep(source: Source): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.open()) {
      this.append(chunk);
      yield chunk;
    }
  }

  /** @throws {Fault} SYSTEM when there is no room for it. */
  append(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      throw systemFault(error, 'cannot write a temporary file');
    }
    this.#length += bytes.length;
  }

  /** The next `sizeBytes` bytes, which are appended now. */
  part(sizeBytes: number): Held {
    const start = this.#length;
    return {
      leadingBytes: sizeBytes,
      read: (offset, length) => readRange(this.#fd, start + offset, length),
    };
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function openNameless(directory: string): number {
  const file = join(directory, `.osless-spool-${process.pid}-${process.hrtime.bigint()}`);
  try {
    const fd = openSync(file, 'wx+', 0o600);
    unlinkSync(file);
    return fd;
  } catch (error) {
    throw unreadable(file, error);
  }
}
