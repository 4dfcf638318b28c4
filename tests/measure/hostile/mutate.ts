import type { Random } from './random.ts';

/** Numbers at which counts, sizes and offsets go wrong. */
const numbers = [
  0n,
  1n,
  2n,
  7n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 33n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
] as const;

/** Names that lead somewhere else, or nowhere. `canary` is a directory that nothing may touch. */
export const evilNames = (canary: string): readonly string[] => [
  '../escaped',
  '../../../../../../../../tmp/escaped',
  `${canary}/escaped`,
  `..${canary}/escaped`,
  '.',
  '..',
  '/',
  '',
  'a/../../b',
  './/..//./x',
  'nul\0name',
  '.wh.',
  '.wh..',
  '.wh...',
  '.wh..wh..opq',
  '.wh..wh..plnk',
  'etc/.wh.',
  'lib/.wh...',
  'x'.repeat(255),
  'x'.repeat(300),
  'deep/'.repeat(1500),
  'back\\slash\nnewline',
  '\xff\xfe\x80',
  'link/escaped',
  'link',
  'proc/self/root/escaped',
];

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const flipBits: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  for (let left = 1 + random.int(16); left > 0; left--) {
    const at = random.int(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.int(8));
  }
  return changed;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.int(bytes.length));

const writeNumber: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  const size = random.pick([1, 2, 4, 8]);
  const at = random.int(Math.max(changed.length - size, 1));
  const value = random.pick(numbers);
  const little = random.chance(0.5);
  for (let index = 0; index < size && at + index < changed.length; index++) {
    changed[at + (little ? index : size - 1 - index)] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
  return changed;
};

const blockOf = (bytes: Buffer, random: Random): [number, number] => {
  const size = random.pick([16, 64, 512, 512, 512, 4096]);
  const at = random.int(Math.ceil(bytes.length / size)) * size;
  return [at, Math.min(at + size, bytes.length)];
};

const duplicateBlock: Mutation = (bytes, random) => {
  const [from, to] = blockOf(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to)]);
};

const dropBlock: Mutation = (bytes, random) => {
  const [from, to] = blockOf(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const swapBlocks: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  const [a, b] = [random.int(Math.ceil(bytes.length / 512)) * 512, random.int(Math.ceil(bytes.length / 512)) * 512];
  changed.set(bytes.subarray(a, a + 512), b + 512 <= bytes.length ? b : 0);
  changed.set(bytes.subarray(b, b + 512), a + 512 <= bytes.length ? a : 0);
  return changed;
};

const fillRange: Mutation = (bytes, random) => {
  const [from, to] = blockOf(bytes, random);
  return Buffer.from(bytes).fill(random.pick([0, 0xff, 0x20, 0x37]), from, to);
};

const writeNoise: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes);
  changed.set(random.bytes(Math.min(1 + random.int(40), changed.length)), 0);
  const at = random.int(changed.length);
  changed.set(random.bytes(Math.min(1 + random.int(40), changed.length - at)), at);
  return changed;
};

const append: Mutation = (bytes, random) => Buffer.concat([bytes, random.bytes(1 + random.int(700))]);

const any: readonly Mutation[] = [
  flipBits,
  truncate,
  writeNumber,
  writeNumber,
  writeNumber,
  duplicateBlock,
  dropBlock,
  swapBlocks,
  fillRange,
  writeNoise,
  append,
];

/** One to four changes that know nothing of the format. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random.int(4); left > 0 && changed.length > 0; left--) {
    changed = Buffer.from(random.pick(any)(changed, random));
  }
  return changed;
}

/** A JSON document with one to three of its values replaced, taken away or doubled; sometimes no JSON any more. */
export function mutateJson(document: unknown, random: Random, canary: string): Buffer {
  let changed: unknown = document;
  for (let left = 1 + random.int(3); left > 0; left--) changed = mutateValue(changed, random, canary);
  const text = Buffer.from(textOf(changed));
  return random.chance(0.15) && text.length > 0 ? mutateBytes(text, random) : text;
}

/** A value that stands for one so deep that only its text can be written. */
const deepMark = '<deep>';
const depths = [1000, 100_000] as const;

function textOf(document: unknown): string {
  const text = JSON.stringify(document) ?? '';
  const depth = depths[text.length % 2] ?? 1000;
  return text
    .replace(`"${deepMark}"`, '['.repeat(depth) + ']'.repeat(depth))
    .replace(`"${deepMark}"`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
}

function mutateValue(value: unknown, random: Random, canary: string): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || random.chance(0.15)) return replacement(value, random, canary);
  const key = random.pick(keys);
  if (Array.isArray(value)) return mutateList(value, Number(key), random, canary);
  const fields: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  if (random.chance(0.1)) delete fields[key];
  else fields[key] = mutateValue(fields[key], random, canary);
  return fields;
}

function mutateList(list: readonly unknown[], at: number, random: Random, canary: string): unknown[] {
  const item = list[at];
  if (random.chance(0.1)) return list.filter((_, index) => index !== at);
  if (random.chance(0.1)) return [...list, item];
  if (random.chance(0.05) && JSON.stringify(item).length < 1000) return Array.from({ length: 3000 }, () => item);
  return list.map((one, index) => (index === at ? mutateValue(one, random, canary) : one));
}

function replacement(value: unknown, random: Random, canary: string): unknown {
  if (typeof value === 'string' && random.chance(0.5))
    return mutateBytes(Buffer.from(value || 'x'), random).toString('latin1');
  return random.pick<unknown>([
    null,
    true,
    -1,
    0,
    1.5,
    1e308,
    2 ** 53,
    Number(random.pick(numbers)),
    '',
    'x'.repeat(100_000),
    random.pick(evilNames(canary)),
    random.pick(evilNames(canary)),
    `sha256:${'0'.repeat(64)}`,
    `sha256:../../../${'0'.repeat(55)}`,
    'a/'.repeat(30_000),
    'a:'.repeat(30_000),
    '-'.repeat(60_000),
    [],
    [[]],
    {},
    { __proto__: 1, constructor: 'x', toString: 1 },
    deepMark,
    deepMark,
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.v1+json',
    '%s%n\u0000\u001b[31m',
  ]);
}
