/**
 * formats/pe: what Windows programs and DLLs say of the DLLs that they need.
 * It reads one file and knows nothing of where DLLs are found.
 */
export { type Pe, parsePe } from './pe.ts';
