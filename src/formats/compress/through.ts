/** What is used of a Node transform stream. */
export type Transform = NodeJS.ReadWriteStream & { destroy(error?: Error): unknown; readonly destroyed: boolean };

/** Set when nobody reads the output any more. */
interface Stop {
  asked: boolean;
}

/**
 * Passes `bytes` through a Node transform stream: what comes out is read while more is put in, and no more is
 * put in than the stream wants. All of `bytes` is read, also when the transform ended before.
 * Whoever leaves the loop early, or an error on either side, ends both; errors of `bytes` come out unchanged.
 */
export async function* through(bytes: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  const stop: Stop = { asked: false };
  const input = pump(bytes, transform, stop);
  // It is awaited below, after the output has ended or failed
  input.catch(() => {});
  let ended = false;
  try {
    for await (const chunk of transform) yield chunk as unknown as Uint8Array;
    ended = true;
    await input;
  } finally {
    stop.asked = !ended;
    transform.destroy();
    await input.catch(() => {});
  }
}

/** A transform that ended before its input is destroyed by Node; the rest of the input is read all the same. */
async function pump(bytes: AsyncIterable<Uint8Array>, transform: Transform, stop: Stop): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (stop.asked) return;
      if (!transform.destroyed && !transform.write(chunk)) await roomIn(transform);
    }
    await allTaken(transform);
    transform.end();
  } catch (error) {
    transform.destroy(error as Error);
    throw error;
  }
}

/** Node's zstd encoder adds an empty frame when the end is told while the last chunk still waits. */
const allTaken = (transform: Transform): Promise<void> =>
  unlessClosed(transform, (done) => void transform.write(Buffer.alloc(0), done));

const roomIn = (transform: Transform): Promise<void> =>
  unlessClosed(transform, (done) => void transform.once('drain', done));

/** Waits for what `start` begins, or until the stream is destroyed, which calls nobody else back. */
function unlessClosed(transform: Transform, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      transform.removeListener('close', done);
      resolve();
    };
    transform.once('close', done);
    if (transform.destroyed) done();
    else start(done);
  });
}
