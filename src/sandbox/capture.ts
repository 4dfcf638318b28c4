import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { removeCgroups } from './cgroups.ts';
import { exitOf } from './launch.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type SandboxOptions, type Session, type Subject, withSession } from './session.ts';

export interface CaptureOptions extends SandboxOptions {
  /** The program is killed after this long. */
  readonly timeoutMs: number;
  /** Bytes kept of each stream; the program is killed when it writes more. */
  readonly limitBytes: number;
  /** What the program reads. Default: nothing. */
  readonly input?: Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Captured extends Outcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Why the program was killed before it ended by itself. */
  readonly stopped: 'timeout' | 'output' | undefined;
}

const patienceMs = 2000;

/**
 * Runs a program as `run` does, but keeps what it writes.
 * @throws {Fault} as `run`; the reason of `signal` when it is aborted.
 */
export function capture(subject: Subject, options: CaptureOptions): Promise<Captured> {
  return withSession(subject, options, async (session) => {
    options.signal?.throwIfAborted();
    const child = session.start(['pipe', 'pipe', 'pipe']);
    const captured = await collect(child, session, options);
    options.signal?.throwIfAborted();
    return captured;
  });
}

async function collect(child: ChildProcess, session: Session, options: CaptureOptions): Promise<Captured> {
  const target = session.targetOf(child);
  let stopped: Captured['stopped'];
  const kill = (): void => {
    // A runtime that is killed while it sets up leaves a first process, which keeps our pipes open.
    child.once('exit', () => endRemains(child, session));
    target.kill();
  };
  const stop = (reason: Captured['stopped']): void => {
    if (stopped === undefined) kill();
    stopped ??= reason;
  };
  const timer = setTimeout(() => stop('timeout'), options.timeoutMs);
  options.signal?.addEventListener('abort', kill, { once: true });
  feed(child, options.input);
  const stdout = keep(child.stdout, options.limitBytes, () => stop('output'));
  const stderr = keep(child.stderr, options.limitBytes, () => stop('output'));
  try {
    const outcome = outcomeOf(await exitOf(child), session.directory);
    return { ...outcome, stopped, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', kill);
  }
}

/** Whatever still holds the pipes when all that is known of the container is gone is not waited for. */
function endRemains(child: ChildProcess, session: Session): void {
  removeCgroups(session.id);
  const timer = setTimeout(() => [child.stdout, child.stderr].forEach((stream) => void stream?.destroy()), patienceMs);
  child.once('close', () => clearTimeout(timer));
}

/** A program need not read what it is given: a closed pipe is no error. */
function feed(child: ChildProcess, input: Uint8Array = new Uint8Array()): void {
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
}

function keep(stream: Readable | null, limitBytes: number, overflow: () => void): () => Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size < limitBytes) parts.push(chunk.subarray(0, limitBytes - size));
    size += chunk.byteLength;
    if (size > limitBytes) overflow();
  });
  return () => Buffer.concat(parts);
}
