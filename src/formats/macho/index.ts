/**
 * formats/macho: what macOS programs and libraries say of the libraries that they need, for each architecture.
 * It reads one file and knows nothing of where libraries are found.
 */
export { type MachoLibrary, type MachoSlice, parseMacho } from './macho.ts';
