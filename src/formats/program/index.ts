/**
 * formats/program: what a file is to the one who wants to execute it, by its first bytes.
 * It knows the kernel's rules for scripts; what an ELF file says is read by formats/elf.
 */
export { type ProgramKind, recognisedBytes, recogniseProgram, type TextBlemish } from './recognise.ts';
export type { Script } from './script.ts';
