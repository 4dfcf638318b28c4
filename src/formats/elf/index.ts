/**
 * formats/elf: ELF files as values (gABI, with the GNU and systemd extensions that Linux images use).
 * It reads one file and knows nothing of where libraries are found.
 */
export { damageOf } from './damage.ts';
export { type GoBuildInfo, type GoModule, goBuildInfo } from './go.ts';
export { type HashedName, hashedName } from './hash-table.ts';
export { type MachineFacts, type MachinePlatform, machineNameOf, machineOf, platformOf, runsOn } from './machines.ts';
export { parseElf } from './parse.ts';
export { type References, readReferences } from './relocations.ts';
export { sectionTables } from './sections.ts';
export { isStaticPie, segmentFlags, segmentTypes, tlsBytes } from './segments.ts';
export { findStrings } from './strings.ts';
export { type RawSymbol, readSymbolTable, type SymbolTable, type SymbolVersion } from './symbol-table.ts';
export { readSymbols } from './symbols.ts';
export type {
  DlopenNote,
  Dynamic,
  DynamicTables,
  Elf,
  ElfSymbol,
  Notes,
  RelocationTable,
  Segment,
  VersionNeed,
} from './types.ts';
