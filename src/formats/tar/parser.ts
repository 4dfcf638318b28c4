import { TarCursor } from './cursor.ts';
import type { TarMember } from './entry.ts';

/** Takes the content of one file. */
export interface ContentSink {
  /**
   * Some bytes of the content, which belong at `position` of the file, in ascending order. Of a sparse file
   * only what is stored comes: everything else is zeros. `bytes` is a view of the chunk that was pushed.
   */
  write(bytes: Uint8Array, position: number): void;
  /** All has come. */
  end?(): void;
}

export interface TarHandler {
  /** Called for each member in turn; what it returns gets the content, undefined skips it. */
  member(member: TarMember): ContentSink | undefined;
}

export interface TarParser {
  /** May be reused for other bytes afterwards. */
  push(chunk: Uint8Array): void;
  /** No more bytes come. */
  end(): void;
}

/**
 * The synchronous counterpart of `readTar`, with the same rules, for readers of whole images: no promise per
 * entry or piece. Bytes after the end of the archive are ignored.
 * @throws {Fault} TAR_MALFORMED, from `push` and `end`; the parser is of no more use then.
 */
export function tarParser(handler: TarHandler): TarParser {
  const cursor = new TarCursor();
  let sink: ContentSink | undefined;
  const isOpen = (open: ContentSink): boolean => {
    for (let bytes = cursor.read(); bytes !== undefined; bytes = cursor.read()) open.write(bytes, cursor.position);
    return !cursor.bodyDone;
  };
  const run = (): void => {
    while (!cursor.done) {
      if (sink !== undefined) {
        if (isOpen(sink)) return;
        sink.end?.();
      }
      const member = cursor.next();
      sink = member && handler.member(member);
      if (member === undefined) return;
    }
  };
  return {
    push(chunk) {
      if (cursor.done) return;
      cursor.feed(chunk);
      run();
    },
    end() {
      if (cursor.done) return;
      cursor.end();
      run();
    },
  };
}
