import { statSync } from 'node:fs';
import { decompress, detectCompression } from '../formats/compress/index.ts';
import { during, Fault, readAt, type Source } from '../kit/index.ts';
import { indexArchive } from './archive-index.ts';
import { dockerArchive } from './docker-archive.ts';
import { fileSource } from './file-source.ts';
import { isOciArchive, ociArchive } from './oci-archive.ts';
import { type Spooled, spool } from './spool.ts';
import type { ReadableStore } from './store.ts';

export interface ArchiveOptions {
  /** How to read an archive that holds a layout and docker's manifest.json: default is the layout. */
  readonly format?: 'oci' | 'docker';
  /** Keeps a compressed archive, or one that is no file, on disk while it is in use. Default: {@link spool}. */
  readonly spool?: (bytes: AsyncIterable<Uint8Array>) => Promise<Spooled>;
}

/** Images in a tar, read where they are. */
export interface Archive extends ReadableStore {
  readonly format: 'oci' | 'docker';
  /** Frees what was spooled. */
  close(): void;
}

const magicBytes = 16;

/**
 * Opens an oci-archive or docker-archive, compressed or not: a file by its path, or any bytes.
 * A file is not unpacked and must not change while it is in use.
 * @throws {Fault} FILE_NOT_FOUND, NOT_AN_IMAGE, TAR_MALFORMED, ARCHIVE_MALFORMED, LAYOUT_MALFORMED, INDEX_MALFORMED,
 * CONFIG_MALFORMED, TOO_LARGE
 */
export async function openArchive(
  from: string | AsyncIterable<Uint8Array>,
  options: ArchiveOptions = {},
): Promise<Archive> {
  const keep = options.spool ?? ((bytes) => spool(bytes));
  const first = typeof from === 'string' ? await openFile(from) : await keep(from);
  const opened: Spooled[] = [first];
  try {
    const compression = detectCompression(await readAt(first.source, 0, magicBytes));
    if (compression !== 'none') opened.push(await keep(decompress(first.source.open(), compression)));
    const archive = await openTar(opened.at(-1)?.source ?? first.source, nameOf(from), options.format);
    return { ...archive, close: () => closeAll(opened) };
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

async function openTar(
  source: Source,
  where: string,
  wanted: ArchiveOptions['format'],
): Promise<Omit<Archive, 'close'>> {
  const files = await indexArchive(source, where);
  const asDocker = wanted === 'docker' && files.has('manifest.json');
  if (!asDocker && (await isOciArchive(files))) return { ...(await ociArchive(files)), format: 'oci' };
  return { ...(await dockerArchive(files)), format: 'docker' };
}

const nameOf = (from: string | AsyncIterable<Uint8Array>): string =>
  typeof from === 'string' ? from : 'standard input';

const closeAll = (opened: readonly Spooled[]): void => {
  for (const { close } of opened) close();
};

async function openFile(path: string): Promise<Spooled> {
  const status = await during(`cannot read ${path}`, () => statSync(path));
  if (status.isFile()) return { source: fileSource(path, status.size), close: () => {} };
  throw new Fault('NOT_AN_IMAGE', `${path} is no archive`, {
    hint: 'Give a tar that docker save or osless save has written.',
  });
}
