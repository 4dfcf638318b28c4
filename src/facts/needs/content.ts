import { type Elf, segmentFlags, segmentTypes } from '../../formats/elf/index.ts';
import { readAll, type Source } from '../../kit/index.ts';

/** Larger files are not searched: they are data with a header. */
const mostBytes = 256 * 1024 * 1024;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** All of a file; empty for one that is too large to search. */
export async function wholeContent(source: Source, sizeBytes: number): Promise<Buffer> {
  if (sizeBytes > mostBytes) return Buffer.alloc(0);
  return source.readAt === undefined ? readAll(source, mostBytes) : part(source, { start: 0, end: sizeBytes });
}

/**
 * What an ELF file has apart from its code, with a NUL between parts: the half of it in which names stand.
 * The first part begins at the file's first byte. All of it where code and constants share a segment.
 */
export async function dataOf(source: Source, elf: Elf, sizeBytes: number): Promise<Buffer> {
  const ranges = dataRanges(elf, sizeBytes);
  if (source.readAt === undefined || ranges[0]?.start !== 0) return wholeContent(source, sizeBytes);
  const parts: Buffer[] = [];
  for (const range of ranges) parts.push(await part(source, range), Buffer.alloc(1));
  return Buffer.concat(parts);
}

/** Loaded segments that cannot be executed, clipped to the file, at most as large as is searched. */
function dataRanges(elf: Elf, sizeBytes: number): Range[] {
  const loaded = elf.segments.filter(({ type, fileSize }) => type === segmentTypes.load && fileSize > 0);
  const data = loaded.filter(({ flags }) => (flags & segmentFlags.execute) === 0);
  const ranges = data
    .map(({ offset, fileSize }) => ({
      start: Math.min(offset, sizeBytes),
      end: Math.min(offset + fileSize, sizeBytes),
    }))
    .sort((a, b) => a.start - b.start);
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return total > Math.min(sizeBytes, mostBytes) ? [] : ranges;
}

async function part(source: Source, { start, end }: Range): Promise<Buffer> {
  const bytes = (await source.readAt?.(start, end - start)) ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
