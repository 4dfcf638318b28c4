import { Fault, readAt, type Source } from '../../kit/index.ts';
import { machineNameOf } from './machines.ts';

/** What a PE file (Windows program or DLL) says of what it needs (Microsoft's PE format). */
export interface Pe {
  readonly class: 32 | 64;
  /** `x86_64`, `aarch64`, `i386`, …; `machine-0x1234` where the number is not known. */
  readonly machine: string;
  readonly kind: 'program' | 'library';
  /** Whether it is run by .NET. */
  readonly isManaged: boolean;
  /** Names of DLLs that are loaded at the start, in order. */
  readonly imports: readonly string[];
  /** Names of DLLs that are loaded when they are first used. */
  readonly delayedImports: readonly string[];
}

const dosMagic = 0x5a4d;
const peMagic = 0x4550;
const magics = { pe32: 0x10b, pe32plus: 0x20b } as const;
const directories = { imports: 1, delayedImports: 13, managed: 14 } as const;
const isDll = 0x2000;

const dosHeaderBytes = 64;
const coffHeaderBytes = 24;
const sectionBytes = 40;
const importBytes = 20;
const delayedImportBytes = 32;
const mostSections = 1024;
const mostImports = 4096;
const longestName = 260;

/**
 * Reads headers and the two lists of imports; undefined for what is no PE file (a DOS program among them). Entries
 * that point nowhere are passed over.
 * @throws {Fault} UNSUPPORTED where the file ends within its headers.
 */
export async function parsePe(source: Source): Promise<Pe | undefined> {
  const dos = await rangeOf(source, 0, dosHeaderBytes);
  if (dos.length < dosHeaderBytes || dos.readUInt16LE(0) !== dosMagic) return undefined;
  const start = dos.readUInt32LE(60);
  const coff = await rangeOf(source, start, coffHeaderBytes);
  if (coff.length < coffHeaderBytes || coff.readUInt32LE(0) !== peMagic) return undefined;
  const optional = await rangeOf(source, start + coffHeaderBytes, coff.readUInt16LE(20));
  const magic = optional.length < 2 ? 0 : optional.readUInt16LE(0);
  if (magic !== magics.pe32 && magic !== magics.pe32plus) return cutShort();
  const is64 = magic === magics.pe32plus;
  const sectionCount = Math.min(coff.readUInt16LE(6), mostSections);
  const table = await rangeOf(source, start + coffHeaderBytes + coff.readUInt16LE(20), sectionCount * sectionBytes);
  const image = new PeImage(source, optional, { is64, table });
  return {
    class: is64 ? 64 : 32,
    machine: machineNameOf(coff.readUInt16LE(4)),
    kind: (coff.readUInt16LE(22) & isDll) === 0 ? 'program' : 'library',
    isManaged: image.directory(directories.managed) !== undefined,
    imports: await image.imports(),
    delayedImports: await image.delayedImports(),
  };
}

function cutShort(): never {
  throw new Fault('UNSUPPORTED', 'a PE file is cut short or damaged in its headers', {
    hint: 'Build or copy the file again.',
  });
}

async function rangeOf(source: Source, offset: number, length: number): Promise<Buffer> {
  const bytes = await readAt(source, offset, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where something is when the file is loaded, relative to the first byte. */
interface Directory {
  readonly address: number;
  readonly sizeBytes: number;
}

class PeImage {
  readonly #source: Source;
  readonly #optional: Buffer;
  readonly #table: Buffer;
  readonly #is64: boolean;

  constructor(source: Source, optional: Buffer, { is64, table }: { readonly is64: boolean; readonly table: Buffer }) {
    this.#source = source;
    this.#optional = optional;
    this.#table = table;
    this.#is64 = is64;
  }

  directory(index: number): Directory | undefined {
    const countAt = this.#is64 ? 108 : 92;
    const at = countAt + 4 + index * 8;
    if (at + 8 > this.#optional.length || index >= this.#optional.readUInt32LE(countAt)) return undefined;
    const directory = { address: this.#optional.readUInt32LE(at), sizeBytes: this.#optional.readUInt32LE(at + 4) };
    return directory.address === 0 ? undefined : directory;
  }

  imports(): Promise<string[]> {
    return this.#names(directories.imports, importBytes, (entry) => entry.readUInt32LE(12));
  }

  delayedImports(): Promise<string[]> {
    return this.#names(directories.delayedImports, delayedImportBytes, (entry) => {
      const usesOffsets = (entry.readUInt32LE(0) & 1) !== 0;
      return Math.max(entry.readUInt32LE(4) - (usesOffsets ? 0 : this.#imageBase()), 0);
    });
  }

  /** Entries up to the first that names nothing; the size in the directory is not to be relied on. */
  async #names(index: number, entryBytes: number, nameOf: (entry: Buffer) => number): Promise<string[]> {
    const start = this.#offsetOf(this.directory(index)?.address ?? 0);
    if (start === undefined) return [];
    const table = await rangeOf(this.#source, start, entryBytes * mostImports);
    const names: string[] = [];
    for (let at = 0; at + entryBytes <= table.length; at += entryBytes) {
      const address = nameOf(table.subarray(at, at + entryBytes));
      if (address === 0) break;
      const name = await this.#textAt(address);
      if (name !== undefined) names.push(name);
    }
    return names;
  }

  async #textAt(address: number): Promise<string | undefined> {
    const offset = this.#offsetOf(address);
    if (offset === undefined) return undefined;
    const bytes = await rangeOf(this.#source, offset, longestName);
    const end = bytes.indexOf(0);
    return end <= 0 ? undefined : bytes.toString('latin1', 0, end);
  }

  /** Before relocation, of 32-bit files alone: 64-bit ones have always used offsets. */
  #imageBase(): number {
    return this.#is64 || this.#optional.length < 32 ? 0 : this.#optional.readUInt32LE(28);
  }

  /** The place in the file of what is loaded at `address`; undefined for what no section brings. */
  #offsetOf(address: number): number | undefined {
    for (let at = 0; address !== 0 && at + sectionBytes <= this.#table.length; at += sectionBytes) {
      const start = this.#table.readUInt32LE(at + 12);
      const sizeBytes = this.#table.readUInt32LE(at + 16);
      if (address >= start && address - start < sizeBytes) return this.#table.readUInt32LE(at + 20) + address - start;
    }
    return undefined;
  }
}
