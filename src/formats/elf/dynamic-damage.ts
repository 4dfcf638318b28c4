import type { ExactSegment, Header } from './header.ts';
import { segmentFlags } from './segments.ts';

type Entries = ReadonlyMap<number, readonly bigint[]>;

interface Place {
  readonly header: Header;
  readonly loads: readonly ExactSegment[];
}

/** Tags whose value is an address, by the tag of the size in bytes, where there is one. */
const addressTags: readonly (readonly [tag: number, sizeTag?: number])[] = [
  [4],
  [5, 10],
  [6],
  [7, 8],
  [17, 18],
  [23, 2],
  [25, 27],
  [26, 28],
  [32, 33],
  [36, 35],
  [0x6ffffef5],
  [0x6ffffff0],
  [0x6ffffffc],
  [0x6ffffffe],
];
const [initTag, finiTag] = [12, 13];
const [stringsTag, symbolsTag, lazyKindTag] = [5, 6, 20];
const [symbolSizeTag, relaSizeTag, relSizeTag] = [11, 9, 19];

/**
 * What no loader gets through in a dynamic section, as the end of a sentence that begins with the file: tables
 * outside of the loaded segments, entries of another size; undefined for a sound one.
 */
export function dynamicDamage(entries: Entries, { header, loads }: Place): string | undefined {
  if (!entries.has(stringsTag) || !entries.has(symbolsTag)) return 'has a dynamic section without strings or symbols';
  const last = (tag: number | undefined) => (tag === undefined ? undefined : entries.get(tag)?.at(-1));
  for (const [tag, sizeTag] of addressTags) {
    const address = last(tag);
    const size = last(sizeTag) ?? 0n;
    const isEmpty = sizeTag !== undefined && size === 0n;
    if (address !== undefined && !isEmpty && !loads.some((load) => holds(load, address, size))) {
      return `has a table (dynamic tag 0x${tag.toString(16)}) outside of what is loaded`;
    }
  }
  return wrongCode([last(initTag), last(finiTag)], loads) ?? wrongSizes(header, last);
}

const holds = ({ exactAddress, memorySize }: ExactSegment, address: bigint, size: bigint): boolean =>
  address >= exactAddress && address + size <= exactAddress + BigInt(memorySize);

function wrongCode(addresses: readonly (bigint | undefined)[], loads: readonly ExactSegment[]): string | undefined {
  const code = loads.filter(({ flags }) => (flags & segmentFlags.execute) !== 0);
  const isWrong = addresses.some(
    (address) => address !== undefined && address !== 0n && !code.some((load) => holds(load, address, 1n)),
  );
  return isWrong ? 'has a function to call at start or end outside of its code' : undefined;
}

/** glibc stops with an assertion at these. */
function wrongSizes(header: Header, last: (tag: number) => bigint | undefined): string | undefined {
  const word = header.class / 8;
  const wanted = [
    [symbolSizeTag, word === 8 ? 24 : 16],
    [relaSizeTag, word * 3],
    [relSizeTag, word * 2],
  ] as const;
  const isWrong = wanted.some(([tag, size]) => Number(last(tag) ?? size) !== size);
  const kind = Number(last(lazyKindTag) ?? 7n);
  return isWrong || (kind !== 7 && kind !== 17)
    ? 'has a dynamic section with entries of a size that no table has'
    : undefined;
}
