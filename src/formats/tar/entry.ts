import type { Source } from '../../kit/index.ts';

/** What a tar entry stands for. `hardlink` names another entry's path in `linkTarget`. */
export type TarEntryType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'fifo' | 'character-device' | 'block-device';

/** The metadata of one entry, after PAX and GNU extensions have been applied. Names as {@link textOfBytes} keeps them. */
export interface TarHeader {
  /** As in the archive (`./usr/bin/`, `usr/bin`, `../x`): never trusted, never tidied here. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Permission bits with set-uid, set-gid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly userName: string;
  readonly groupName: string;
  readonly mtimeSeconds: number;
  /** 0 to 999,999,999, added to `mtimeSeconds`. */
  readonly mtimeNanoseconds: number;
  /** Length of the content as a reader of the file sees it; 0 for all but files. */
  readonly sizeBytes: number;
  readonly linkTarget: string;
  readonly device: Device | undefined;
  /** By full name (`security.capability`), values as bytes. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
}

export interface Device {
  readonly major: number;
  readonly minor: number;
}

/** What is known of an entry before its content is read. */
export interface TarMember {
  readonly header: TarHeader;
  /** Where the stored content begins in the uncompressed archive. */
  readonly offset: number;
  /** Whether the content stands in the archive as one piece (false for sparse files). */
  readonly contiguous: boolean;
}

/** One entry while an archive is read. */
export interface TarEntry extends TarMember {
  /**
   * Readable until the next entry is asked for; what is left unread is skipped then. A loop that was left
   * with `break` can be followed by another, which goes on where the first one stopped.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** One entry to be written; `body` has `header.sizeBytes` bytes. */
export interface TarItem {
  readonly header: TarHeader;
  readonly body?: Source;
}
