/**
 * formats/elf: ELF files as values (gABI, with the GNU and systemd extensions that Linux images use).
 * It reads one file and knows nothing of where libraries are found.
 */
export type { DlopenNote, Dynamic, Elf, ElfSymbol, Notes, Segment, VersionNeed } from './types.ts';
