/**
 * formats/tar: tar archives as entries, both ways (POSIX.1-2017 pax, ustar, GNU, v7).
 * It knows nothing of layers and whiteouts, and never touches a disk.
 */
export type { Device, TarEntry, TarEntryType, TarHeader, TarItem, TarMember } from './entry.ts';
export { type ContentSink, type TarHandler, type TarParser, tarParser } from './parser.ts';
export { isHole, readTar } from './read.ts';
export { writeTar } from './write.ts';
