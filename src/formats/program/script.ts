import { textOfBytes } from '../../kit/index.ts';

/** The first line of a script, as the kernel takes it apart (Linux 6.x, fs/binfmt_script.c). */
export interface Script {
  readonly kind: 'script';
  /**
   * undefined where the kernel refuses it with ENOEXEC: no name, or it does not end within 256 bytes.
   * Empty for `#!` and nothing more, not even a newline: the kernel opens the working directory then (EACCES).
   */
  readonly interpreter: string | undefined;
  /** All that follows, as one argument; what lies beyond 255 bytes is cut off in silence. It can be empty. */
  readonly argument: string | undefined;
  /** The line ends in CR LF: the kernel keeps the CR in the name or the argument. */
  readonly hasCarriageReturn: boolean;
}

/** BINPRM_BUF_SIZE: as much of a file as the kernel reads before it knows what it is. */
const kernelBytes = 256;
const last = kernelBytes - 1;
const magicBytes = 2;
const [newline, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09];

/** `head` begins with `#!`. */
export function parseScript(head: Uint8Array): Script {
  // Behind a short file the kernel's buffer is filled with NULs, and a NUL ends what it reads.
  const buffer = Buffer.alloc(kernelBytes);
  buffer.set(head.subarray(0, kernelBytes));
  const hasCarriageReturn = buffer[buffer.indexOf(newline) - 1] === carriageReturn;
  const refused: Script = { kind: 'script', interpreter: undefined, argument: undefined, hasCarriageReturn };
  const end = endOfLine(buffer);
  const name = end === undefined ? end : find(buffer, isNotBlank, [magicBytes, end]);
  if (end === undefined || name === undefined || name === end) return refused;
  const separator = find(buffer, isTerminator, [name, end]);
  const hasArgument = separator !== undefined && buffer[separator] !== 0;
  const argument = hasArgument ? find(buffer, isNotBlank, [separator, end]) : undefined;
  return {
    ...refused,
    interpreter: textUpTo(buffer, name, separator ?? end),
    argument: argument === undefined ? undefined : textUpTo(buffer, argument, end),
  };
}

/** Behind the last byte of the line that is no blank. */
function endOfLine(buffer: Buffer): number | undefined {
  const firstNul = buffer.indexOf(0);
  const lineFeed = buffer.indexOf(newline);
  const isWhole = lineFeed !== -1 && (firstNul === -1 || lineFeed < firstNul);
  let end = isWhole ? lineFeed : last;
  if (!isWhole) {
    const name = find(buffer, isNotBlank, [magicBytes, last]);
    // A name that may go on beyond the buffer is not executed.
    if (name === undefined || find(buffer, isTerminator, [name, last]) === undefined) return undefined;
  }
  while (isBlank(buffer[end - 1] ?? 0)) end--;
  return end;
}

const isBlank = (byte: number): boolean => byte === space || byte === tab;
const isNotBlank = (byte: number): boolean => !isBlank(byte);
const isTerminator = (byte: number): boolean => isBlank(byte) || byte === 0;

/** The first such byte between two places, both of them included, as the kernel's loops have it. */
function find(buffer: Buffer, fits: (byte: number) => boolean, [from, to]: [number, number]): number | undefined {
  for (let at = from; at <= to; at++) if (fits(buffer[at] ?? 0)) return at;
  return undefined;
}

function textUpTo(buffer: Buffer, from: number, to: number): string {
  const text = buffer.subarray(from, Math.max(from, to));
  const nul = text.indexOf(0);
  return textOfBytes(nul === -1 ? text : text.subarray(0, nul));
}
