import { parseScript, type Script } from './script.ts';

/** What a file is to the one who wants to execute it. */
export type ProgramKind =
  | { readonly kind: 'elf' }
  | Script
  | {
      /** Formats that Linux does not run by itself. */
      readonly kind: 'pe' | 'macho' | 'wasm' | 'jar' | 'zip' | 'java-class' | 'pyc';
    }
  | { readonly kind: 'archive'; readonly format: 'ar' | 'gzip' | 'xz' | 'zstd' | 'bzip2' | 'tar' | 'deb' | 'rpm' }
  | { readonly kind: 'text'; readonly blemish: TextBlemish | undefined }
  | { readonly kind: 'empty' }
  | { readonly kind: 'data' };

/** Why a text that was meant as a script is none: what stands before `#!`. */
export type TextBlemish = 'byte-order-mark' | 'utf-16' | 'blank-before-shebang';

/** As much of a file as {@link recogniseProgram} can make use of: a tar's magic is the last thing in it. */
export const recognisedBytes = 512;

interface Magic {
  readonly bytes: string;
  readonly program: ProgramKind;
}

/** The longer of two that begin alike comes first. */
const magics: readonly Magic[] = [
  { bytes: '\x7fELF', program: { kind: 'elf' } },
  { bytes: '\0asm', program: { kind: 'wasm' } },
  { bytes: '!<arch>\ndebian-binary', program: { kind: 'archive', format: 'deb' } },
  { bytes: '!<arch>\n', program: { kind: 'archive', format: 'ar' } },
  { bytes: '!<thin>\n', program: { kind: 'archive', format: 'ar' } },
  { bytes: '\x1f\x8b', program: { kind: 'archive', format: 'gzip' } },
  { bytes: '\xfd7zXZ\0', program: { kind: 'archive', format: 'xz' } },
  { bytes: '\x28\xb5\x2f\xfd', program: { kind: 'archive', format: 'zstd' } },
  { bytes: 'BZh', program: { kind: 'archive', format: 'bzip2' } },
  { bytes: '\xed\xab\xee\xdb', program: { kind: 'archive', format: 'rpm' } },
  { bytes: '\xfe\xed\xfa\xce', program: { kind: 'macho' } },
  { bytes: '\xfe\xed\xfa\xcf', program: { kind: 'macho' } },
  { bytes: '\xce\xfa\xed\xfe', program: { kind: 'macho' } },
  { bytes: '\xcf\xfa\xed\xfe', program: { kind: 'macho' } },
  { bytes: '\xca\xfe\xba\xbf', program: { kind: 'macho' } },
];

/**
 * What the file is that begins with `head` ({@link recognisedBytes} of it, or all of a shorter one).
 * The kernel decides by the same bytes: only `elf` and `script` can be executed.
 */
export function recogniseProgram(head: Uint8Array): ProgramKind {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length === 0) return { kind: 'empty' };
  const start = bytes.toString('latin1', 0, 32);
  if (start.startsWith('#!')) return parseScript(bytes);
  const known = magics.find((magic) => start.startsWith(magic.bytes));
  return known?.program ?? lookInside(bytes, start) ?? textOf(bytes) ?? { kind: 'data' };
}

function lookInside(bytes: Buffer, start: string): ProgramKind | undefined {
  if (start.startsWith('MZ')) return { kind: 'pe' };
  if (start.startsWith('\xca\xfe\xba\xbe') && bytes.length >= 8) return fatOrClass(bytes.readUInt32BE(4));
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return zipOf(bytes);
  if (/^[\s\S][\x0c\x0d]\r\n/.test(start) && bytes.length >= 16) return { kind: 'pyc' };
  if (bytes.toString('latin1', 257, 262) === 'ustar') return { kind: 'archive', format: 'tar' };
  return undefined;
}

/** A fat Mach-O counts its machines where a class has its version, which has been 45 and more since Java 1.0. */
const fatOrClass = (count: number): ProgramKind => (count < 45 ? { kind: 'macho' } : { kind: 'java-class' });

/** `jar` puts META-INF/ first; a zip with only that directory further on is taken for any zip. */
function zipOf(bytes: Buffer): ProgramKind {
  const name = bytes.toString('latin1', 30, 30 + 'META-INF/'.length);
  return { kind: name === 'META-INF/' ? 'jar' : 'zip' };
}

const byteOrderMark = '\xef\xbb\xbf';

function textOf(bytes: Buffer): ProgramKind | undefined {
  const start = bytes.toString('latin1', 0, 2);
  if (start === '\xff\xfe' || start === '\xfe\xff') return { kind: 'text', blemish: 'utf-16' };
  if (/^(#\0!\0|\0#\0!)/.test(bytes.toString('latin1', 0, 4))) return { kind: 'text', blemish: 'utf-16' };
  const text = bytes.toString('latin1');
  if (/[\0-\x06\x0e-\x1a\x1c-\x1f]/.test(text)) return undefined;
  if (text.startsWith(byteOrderMark)) {
    return { kind: 'text', blemish: text.startsWith(`${byteOrderMark}#!`) ? 'byte-order-mark' : undefined };
  }
  return { kind: 'text', blemish: /^\s+#!/.test(text) ? 'blank-before-shebang' : undefined };
}
