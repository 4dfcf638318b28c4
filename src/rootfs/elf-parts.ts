import type { Elf } from '../formats/elf/index.ts';
import { joined, type Range } from './held-ranges.ts';

const longestTable = 16 * 1024 * 1024;
/** Names are read by pieces of this size, the last one too. */
const pieceBytes = 256;

/**
 * The parts of an ELF file that say which symbols it has and wants: the tables of its dynamic section, each up to
 * what follows it. More than the tables rather than less: how long they are does not stand in the file.
 */
export function tablesOf(elf: Elf, sizeBytes: number): Range[] {
  if (elf.dynamic === undefined) return [];
  const { relocations, symbolCount: _, ...places } = elf.dynamic.tables;
  const offsets = Object.values(places).filter((offset) => offset !== undefined);
  const starts = [...offsets, ...relocations.map(({ offset }) => offset)].sort((a, b) => a - b);
  const tables = offsets.map((offset) => ({ offset, end: endOf(elf, offset, starts) + pieceBytes }));
  const relocated = relocations.map((table) => ({ offset: table.offset, end: table.offset + table.sizeBytes }));
  return joined([...tables, ...relocated].map(({ offset, end }) => ({ offset, end: Math.min(end, sizeBytes) })));
}

function endOf({ segments }: Elf, offset: number, starts: readonly number[]): number {
  const next = starts.find((start) => start > offset) ?? Number.POSITIVE_INFINITY;
  const segment = segments.find((one) => one.offset <= offset && offset < one.offset + one.fileSize);
  const end = segment === undefined ? offset : segment.offset + segment.fileSize;
  return Math.min(next, end, offset + longestTable);
}

/** Roughly how many bytes of memory it takes. */
export function weightOf({ segments, dynamic, notes }: Elf): number {
  const versions = (dynamic?.versionsNeeded ?? []).flatMap((need) => need.versions.map(({ name }) => name));
  const names = [...(dynamic?.needed ?? []), ...(dynamic?.versionsDefined ?? []), ...versions];
  const letters = names.reduce((sum, name) => sum + name.length, 0);
  const paths = (dynamic?.runpath?.length ?? 0) + (dynamic?.rpath?.length ?? 0) + (dynamic?.soname?.length ?? 0);
  const described = (notes.packageJson?.length ?? 0) + notes.dlopen.length * 300;
  return 1500 + segments.length * 130 + names.length * 70 + letters + paths + described;
}
