import { posix } from 'node:path';
import { type TarHeader, tarParser } from '../formats/tar/index.ts';
import { Fault, imagePath, isFault, readAll, readAt, type Source } from '../kit/index.ts';
import { partOf } from './file-source.ts';

/** The files of a tar by their names, to be read in any order without unpacking. */
export interface ArchiveFiles {
  has(name: string): boolean;
  /** undefined when there is no such file. Links are followed inside the archive. */
  find(name: string): Source | undefined;
  /**
   * The bytes of a small file; undefined when it is not there.
   * @throws {Fault} TOO_LARGE beyond `limitBytes`.
   */
  read(name: string, limitBytes: number): Promise<Uint8Array | undefined>;
}

interface Entry {
  readonly type: TarHeader['type'];
  readonly linkTarget: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly contiguous: boolean;
}

const maximumEntries = 200_000;
const maximumLinks = 10;
const blockBytes = 512;
const windowBytes = 64 * 1024;
const zeros = Buffer.alloc(1024 * 1024);

/**
 * Reads the headers of a tar, not what lies between them. Of several entries with one name the last counts,
 * as it would after unpacking, which is what docker does. Names that climb out are left out.
 * @throws {Fault} NOT_AN_IMAGE when it is no tar (`where` names it then), TAR_MALFORMED, ARCHIVE_MALFORMED
 */
export async function indexArchive(source: Source, where: string): Promise<ArchiveFiles> {
  const entries = await readEntries(source, where);
  const find = (name: string): Source | undefined => {
    const entry = followLinks(entries, imagePath(name));
    if (entry === undefined || entry.type !== 'file') return undefined;
    if (entry.contiguous) return partOf(source, entry);
    throw new Fault('ARCHIVE_MALFORMED', `${name} is stored as a sparse file`, {
      hint: 'Make the archive again without an option for sparse files.',
    });
  };
  return {
    has: (name) => followLinks(entries, imagePath(name))?.type === 'file',
    find,
    read: async (name, limitBytes) => {
      const file = find(name);
      return file === undefined ? undefined : readAll(file, limitBytes);
    },
  };
}

async function readEntries(source: Source, where: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  let bodyEnd = 0;
  const parser = tarParser({
    member({ header, offset, contiguous }) {
      const { path, type, linkTarget, sizeBytes } = header;
      if (contiguous && type === 'file') bodyEnd = offset + sizeBytes;
      if (path.split('/').includes('..')) return undefined;
      entries.set(imagePath(path), { type, linkTarget, offset, sizeBytes, contiguous });
      if (entries.size > maximumEntries) tooMany();
      return undefined;
    },
  });
  try {
    for (let at = 0; ; ) {
      const window = await readAt(source, at, windowBytes);
      if (window.byteLength === 0) break;
      parser.push(window);
      at += window.byteLength;
      at = skipBody(parser.push, at, Math.min(bodyEnd, source.sizeBytes ?? bodyEnd));
    }
    parser.end();
  } catch (error) {
    if (entries.size > 0 || !isFault(error, 'TAR_MALFORMED')) throw error;
    throw new Fault('NOT_AN_IMAGE', `${where} is no tar archive`, {
      hint: 'Give what docker save or osless save has written.',
      cause: error,
    });
  }
  return entries;
}

/** Gives zeros for the whole blocks of a body that nobody looks at, instead of reading them. */
function skipBody(push: (chunk: Uint8Array) => void, from: number, to: number): number {
  const end = to - (to % blockBytes);
  let at = from;
  while (at < end) {
    const chunk = zeros.subarray(0, end - at);
    push(chunk);
    at += chunk.byteLength;
  }
  return at;
}

function followLinks(entries: ReadonlyMap<string, Entry>, start: string): Entry | undefined {
  let name = start;
  for (let hops = 0; hops <= maximumLinks; hops++) {
    const entry = entries.get(name);
    if (entry?.type === 'symlink') name = imagePath(posix.join(posix.dirname(name), entry.linkTarget));
    else if (entry?.type === 'hardlink') name = imagePath(entry.linkTarget);
    else return entry;
  }
  return undefined;
}

function tooMany(): never {
  throw new Fault('ARCHIVE_MALFORMED', `an archive has more than ${maximumEntries} entries`, {
    hint: 'Give an archive of an image; a root file system is a rootfs: place after it was unpacked.',
  });
}
