import { copyOf } from './arena.ts';
import type { Held } from './held-file.ts';

/** Part of a file: the bytes from `offset` on and before `end`. */
export interface Range {
  readonly offset: number;
  readonly end: number;
}

/** Copies of some parts of a file, which are sorted and apart from each other (see {@link joined}). */
export async function heldRanges(
  ranges: readonly Range[],
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<Held> {
  const copies = await Promise.all(ranges.map(async ({ offset, end }) => copyOf(await read(offset, end - offset))));
  return new HeldRanges(ranges, copies);
}

/** The same ranges in their order, those that touch or overlap as one. */
export function joined(ranges: readonly Range[]): Range[] {
  const whole: { offset: number; end: number }[] = [];
  for (const { offset, end } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = whole.at(-1);
    if (end <= offset) continue;
    if (last !== undefined && offset <= last.end) last.end = Math.max(last.end, end);
    else whole.push({ offset, end });
  }
  return whole;
}

class HeldRanges implements Held {
  readonly #ranges: readonly Range[];
  readonly #copies: readonly Buffer[];

  constructor(ranges: readonly Range[], copies: readonly Buffer[]) {
    this.#ranges = ranges;
    this.#copies = copies;
  }

  get leadingBytes(): number {
    const [first] = this.#ranges;
    return first?.offset === 0 ? first.end : 0;
  }

  read(offset: number, length: number): Uint8Array | undefined {
    const at = this.#ranges.findIndex((range) => range.offset <= offset && offset + length <= range.end);
    const start = offset - (this.#ranges[at]?.offset ?? 0);
    return this.#copies[at]?.subarray(start, start + length);
  }
}
