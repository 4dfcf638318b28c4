import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../kit/index.ts';
import { partOf } from './entry-content.ts';
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
      for (let at = 0; at < chunk.length; ) at += writeSync(this.#fd, chunk, at);
      this.#length += chunk.length;
      yield chunk;
    }
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
