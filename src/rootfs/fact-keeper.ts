import { type Elf, parseElf, sectionTables } from '../formats/elf/index.ts';
import type { TarEntry, TarHeader } from '../formats/tar/index.ts';
import { type ImagePath, imagePath, isFault, type Source } from '../kit/index.ts';
import { Arena } from './arena.ts';
import { tablesOf, weightOf } from './elf-parts.ts';
import { type Elsewhere, type Held, HeldFile } from './held-file.ts';
import { heldRanges, joined, type Range } from './held-ranges.ts';
import { BytesGone, PassingFile, Window } from './passing-file.ts';
import { Spool } from './spool.ts';
import { WantedFiles } from './wanted-files.ts';

const mib = 1024 * 1024;
/** What tells a file's kind: `recognisedBytes` of formats/program, and the least, once there are very many files. */
const headBytes = 512;
const leastHeadBytes = 64;
/** Other files are kept whole up to this size. */
const smallBytes = 4096;
/** Tables of symbols up to this size are kept of any ELF file, larger ones while there is room. */
const smallTableBytes = 256 * 1024;
const mostCountedBytes = 16 * mib;
/** What is wanted whole and larger is put by on disk. */
const mostWholeBytes = 4 * mib;

/**
 * Keeps of the files of an image, while they pass, what questions about starting it will be about: see `keep` of
 * TreeOptions. What it holds is bounded: the least wanted is left out first, and read again when it is asked for.
 */
export class FactKeeper {
  readonly #wanted: WantedFiles;
  readonly #directory: string;
  readonly #arena = new Arena();
  readonly #window = new Window();
  /** Bytes that may still be taken. */
  readonly #left = {
    whole: 16 * mib,
    disk: 1024 * mib,
    small: 8 * mib,
    heads: 6 * mib,
    elves: 32 * mib,
    tables: 24 * mib,
    largeTables: 16 * mib,
  };
  #spool: Spool | undefined;

  /** `directory` is for a temporary file, for what is wanted whole and too large for the memory. */
  constructor(wanted: readonly string[], directory: string) {
    this.#wanted = new WantedFiles(wanted);
    this.#directory = directory;
  }

  /** To be shown each symlink and hard link in its turn. */
  noteLink({ path, linkTarget }: TarHeader): void {
    this.#wanted.noteLink(imagePath(path), linkTarget);
  }

  /** The content of a file that is passing, of which `elsewhere` has all. */
  async keep(entry: TarEntry, elsewhere: Elsewhere): Promise<Source> {
    // What a sparse file holds is zeros, without end: nothing that a start reads.
    if (!entry.contiguous) return elsewhere.source();
    const { sizeBytes } = entry.header;
    const path = imagePath(entry.header.path);
    const passing = new PassingFile(entry, this.#window);
    const head = await passing.beginning(headBytes);
    if (sizeBytes <= this.#wanted.mostBytes(path, head)) {
      const whole = await this.#whole(path, passing);
      if (whole !== undefined) return new HeldFile(sizeBytes, whole, elsewhere);
    }
    if (isElf(head)) return this.#elf(passing, elsewhere);
    return new HeldFile(sizeBytes, await this.#beginning(passing), elsewhere);
  }

  close(): void {
    this.#spool?.close();
  }

  async #whole(path: ImagePath, passing: PassingFile): Promise<Held | undefined> {
    const { sizeBytes } = passing;
    if (sizeBytes > mostWholeBytes || sizeBytes > this.#left.whole) return this.#onDisk(passing);
    const bytes = await passing.beginning(sizeBytes);
    this.#wanted.noteScript(path, bytes);
    this.#left.whole -= sizeBytes;
    return this.#arena.put(bytes);
  }

  /** undefined where there is no room for it: it can be had by reading again. */
  async #onDisk(passing: PassingFile): Promise<Held | undefined> {
    const { sizeBytes } = passing;
    if (sizeBytes > this.#left.disk) return undefined;
    this.#left.disk -= sizeBytes;
    try {
      this.#spool ??= new Spool(this.#directory);
      const part = this.#spool.part(sizeBytes);
      for await (const piece of passing.all()) this.#spool.append(piece);
      return part;
    } catch (error) {
      if (!isFault(error)) throw error;
      this.#left.disk = 0;
      return undefined;
    }
  }

  async #beginning(passing: PassingFile): Promise<Held> {
    const { sizeBytes } = passing;
    const isSmall = sizeBytes <= smallBytes && sizeBytes <= this.#left.small;
    const mayBeLong = isSmall || this.#left.heads >= headBytes;
    const bytes = await passing.beginning(isSmall ? sizeBytes : mayBeLong ? headBytes : leastHeadBytes);
    if (isSmall) this.#left.small -= bytes.length;
    else this.#left.heads -= bytes.length;
    return this.#arena.put(bytes);
  }

  /** Parses it as it passes: the answer is kept with the Source (see `parseElf`). */
  async #elf(passing: PassingFile, elsewhere: Elsewhere): Promise<Source> {
    const file = new HeldFile(passing.sizeBytes, passing, elsewhere);
    await passing.beginning(passing.sizeBytes);
    try {
      const elf = await passing.during(parseElf(file));
      this.#left.elves -= elf === undefined ? 0 : weightOf(elf);
      if (elf !== undefined && this.#left.elves > 0) {
        file.held = await this.#tables(file, elf, passing);
        return file;
      }
    } catch (error) {
      if (isFault(error, 'ELF_MALFORMED')) {
        file.held = await this.#beginning(passing);
        return file;
      }
      if (!(error instanceof BytesGone)) throw error;
    }
    return new HeldFile(passing.sizeBytes, await this.#beginning(passing), elsewhere);
  }

  async #tables(file: HeldFile, elf: Elf, passing: PassingFile): Promise<Held> {
    try {
      const tables = joined([...tablesOf(elf, file.sizeBytes), ...(await passing.during(sectionsOf(file, elf)))]);
      const sizeBytes = tables.reduce((sum, { offset, end }) => sum + end - offset, 0);
      const budget = sizeBytes <= smallTableBytes ? 'tables' : 'largeTables';
      if (sizeBytes > this.#left[budget]) return this.#beginning(passing);
      this.#left[budget] -= sizeBytes;
      const head = { offset: 0, end: Math.min(headBytes, file.sizeBytes) };
      return await passing.during(
        heldRanges(joined([head, ...tables]), (offset, length) => file.readAt(offset, length)),
      );
    } catch (error) {
      if (!(error instanceof BytesGone)) throw error;
      return this.#beginning(passing);
    }
  }
}

/**
 * Section headers of a file whose GNU hash table is its only one: symbols are counted by them where the table has
 * none (see `readSymbols`). Of a large file they pass after what symbols are in, and are left out.
 */
async function sectionsOf(file: HeldFile, elf: Elf): Promise<Range[]> {
  const tables = elf.dynamic?.tables;
  if (tables?.gnuHash === undefined || tables.hash !== undefined || file.sizeBytes > mostCountedBytes) return [];
  const parts = await sectionTables(file, elf);
  return parts.map(({ offset, size }) => ({ offset, end: Math.min(offset + size, file.sizeBytes) }));
}

const isElf = (head: Uint8Array): boolean =>
  head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
