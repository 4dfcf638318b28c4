import { createHash, type Hash } from 'node:crypto';
import { Fault } from './fault.ts';

const hexLength = { sha256: 64, sha512: 128 } as const;
type Algorithm = keyof typeof hexLength;

/** `algorithm:hex` (image-spec v1.1, descriptor.md, "Digests"). */
export type Digest = `${Algorithm}:${string}`;

/** @throws {Fault} REFERENCE_INVALID when `text` is no sha256 or sha512 digest in lower case. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new Fault('REFERENCE_INVALID', `${JSON.stringify(text.slice(0, 150))} is no digest`, {
    hint: 'A digest is sha256: with 64, or sha512: with 128 lower-case hexadecimal digits.',
  });
}

export const isDigest = (text: string): text is Digest => /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);

export const algorithmOf = (digest: Digest): Algorithm => digest.slice(0, digest.indexOf(':')) as Algorithm;

export const hexOf = (digest: Digest): string => digest.slice(digest.indexOf(':') + 1);

export const digestOf = (bytes: Uint8Array | string, algorithm: Algorithm = 'sha256'): Digest =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

export interface Digester {
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

/** Takes the digest of bytes as they pass. */
export function digester(algorithm: Algorithm = 'sha256'): Digester {
  const hash: Hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => `${algorithm}:${hash.digest('hex')}`,
  };
}
