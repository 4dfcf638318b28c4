import { algorithmOf, type Digest, digester, Fault, type Source } from '../kit/index.ts';
import type { Expected } from './store.ts';

/** `source`, whose bytes are checked against `digest` as they pass: DIGEST_MISMATCH instead of an end. */
export const verified = (source: Source, digest: Digest): Source => ({
  ...source,
  open: () => verifiedBytes(source, digest),
});

async function* verifiedBytes(source: Source, digest: Digest): AsyncGenerator<Uint8Array> {
  const hash = digester(algorithmOf(digest));
  let sizeBytes = 0;
  for await (const chunk of source.open()) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
    yield chunk;
  }
  expectBlob({ digest: hash.digest(), sizeBytes }, { digest });
}

/** The bytes of `source`, which must not be more than expected: a false size cannot fill the disk. */
export function bounded(source: Source, expected: Expected | undefined): AsyncIterable<Uint8Array> {
  const limitBytes = expected?.sizeBytes;
  return expected === undefined || limitBytes === undefined
    ? source.open()
    : boundedBytes(source, expected, limitBytes);
}

async function* boundedBytes(source: Source, expected: Expected, limitBytes: number): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of source.open()) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > limitBytes) mismatch(expected, { readBytes: sizeBytes });
    yield chunk;
  }
}

/** @throws {Fault} DIGEST_MISMATCH when what was read is not what was expected. */
export function expectBlob(read: { readonly digest: Digest; readonly sizeBytes: number }, expected?: Expected): void {
  if (expected === undefined) return;
  const rightSize = expected.sizeBytes === undefined || expected.sizeBytes === read.sizeBytes;
  if (!rightSize || read.digest !== expected.digest) {
    mismatch(expected, { readBytes: read.sizeBytes, readDigest: read.digest });
  }
}

function mismatch({ digest, sizeBytes }: Expected, about: Readonly<Record<string, string | number>>): never {
  throw new Fault('DIGEST_MISMATCH', `${digest} has other content than its name says`, {
    hint: 'Fetch or make it again: it was cut short or altered on its way.',
    about: { ...about, ...(sizeBytes !== undefined && { wantedBytes: sizeBytes }) },
  });
}

export function blobNotFound(digest: Digest, where = 'there'): never {
  throw new Fault('BLOB_NOT_FOUND', `the blob ${digest} is not ${where}`, {
    hint: 'Fetch or make the image again; a part of it was never here or was removed.',
    about: { digest },
  });
}
