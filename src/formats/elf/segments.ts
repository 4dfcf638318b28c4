import type { Elf } from './types.ts';

/** p_type values (gABI; GNU's in the range of the operating system). */
export const segmentTypes = {
  load: 1,
  dynamic: 2,
  interpreter: 3,
  note: 4,
  programHeaders: 6,
  tls: 7,
  gnuEhFrame: 0x6474e550,
  gnuStack: 0x6474e551,
  gnuRelro: 0x6474e552,
  gnuProperty: 0x6474e553,
} as const;

/** p_flags bits. */
export const segmentFlags = { execute: 1, write: 2, read: 4 } as const;

const df1Pie = 0x08000000;

/** A program that relocates itself: ET_DYN with DF_1_PIE and without PT_INTERP. */
export const isStaticPie = (elf: Elf): boolean =>
  elf.type === 'shared' && elf.interpreter === undefined && ((elf.dynamic?.flags1 ?? 0) & df1Pie) !== 0;

/** Bytes of thread-local storage that the file asks for. */
export const tlsBytes = (elf: Elf): number =>
  elf.segments.find(({ type }) => type === segmentTypes.tls)?.memorySize ?? 0;
