import { writeSync } from 'node:fs';
import { isTerminal } from './terminal.ts';

/**
 * Where a command's words go: results to standard output, everything else to standard error.
 */
export interface Output {
  /** Prints a result, with a line end when it has none. */
  out(text: string): void;
  /** Writes bytes to standard output, waiting for a slow reader. */
  outBytes(bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Prints a note; nothing with --quiet. */
  note(text: string): void;
  /** Shows what is being done, on a terminal and when it takes longer than half a second. */
  progress(text: string): void;
  readonly stdoutIsTerminal: boolean;
}

/** Ends the process as SIGPIPE would: the reader of our output has gone, which is no error of anybody. */
export const brokenPipeCode = 141;

export interface OutputSettings {
  readonly quiet: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An Output over this process, and the act that takes the progress line away. */
export function openOutput({ quiet, env }: OutputSettings): Output & { close(): void } {
  const progress = progressLine(!quiet && isTerminal(2) && env['TERM'] !== 'dumb');
  return {
    out: (text) => {
      progress.clear();
      writeAll(1, text.endsWith('\n') || text === '' ? text : `${text}\n`);
    },
    outBytes: async (bytes) => {
      process.stdout.on('error', () => undefined);
      for await (const chunk of bytes) await writeChunk(chunk);
    },
    note: (text) => {
      if (quiet) return;
      progress.clear();
      writeAll(2, `${text}\n`);
    },
    progress: progress.show,
    close: progress.close,
    stdoutIsTerminal: isTerminal(1),
  };
}

/** Writes all of `text` before it returns; ends the process quietly when a pipe has lost its reader. */
export function writeAll(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(brokenPipeCode);
      // A pipe that another process made non-blocking is full: wait a little, as write(2) would have.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

// Node reports a broken pipe both to the callback and as an event, and throws when nobody listens for that.
const writeChunk = (chunk: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      if (error === null || error === undefined) resolve();
      else if ('code' in error && error.code === 'EPIPE') process.exit(brokenPipeCode);
      else reject(error);
    });
  });

function progressLine(enabled: boolean) {
  let latest = '';
  let shown = false;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    shown = true;
    writeAll(2, `\r\x1b[2K${latest.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  const clear = () => {
    if (shown) writeAll(2, '\r\x1b[2K');
    shown = false;
  };
  return {
    clear,
    show: (text: string) => {
      if (!enabled) return;
      latest = text;
      timer ??= setInterval(draw, 500).unref();
    },
    close: () => {
      clearInterval(timer);
      clear();
    },
  };
}
