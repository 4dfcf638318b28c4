import { setImmediate } from 'node:timers/promises';

/** Bytes between two looks at the event loop: some milliseconds of hashing and writing. */
const turnBytes = 4 * 1024 * 1024;

/**
 * The bytes, until `signal` stops them between two pieces. Where bytes come from synchronous reads, nothing else would
 * ever let the event loop turn, and with it the signal in.
 */
export async function* abortable(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  let passed = 0;
  for await (const chunk of bytes) {
    passed += chunk.byteLength;
    if (signal !== undefined && passed >= turnBytes) {
      passed = 0;
      await setImmediate();
    }
    signal?.throwIfAborted();
    yield chunk;
  }
}
