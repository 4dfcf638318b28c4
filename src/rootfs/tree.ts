import type { ImagePath, Source } from '../kit/index.ts';

export type FileKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'character-device' | 'block-device';

/** What one name in a tree stands for. */
export interface FileNode {
  readonly kind: FileKind;
  /** Permission bits with set-uid, set-gid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  /** Length of the content; 0 for all but files. */
  readonly sizeBytes: number;
  /** The text of a symlink, '' for all else. */
  readonly linkTarget: string;
  readonly device: { readonly major: number; readonly minor: number } | undefined;
  /** By full name. A host tree leaves them out; see `hostXattrs`. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Equal for two names of one file (hard links) of the same tree; undefined where there is just one. */
  readonly identity: string | undefined;
  /** The bytes of a file; empty for all else. */
  readonly content: Source;
}

/**
 * A read-only view of files: a host's directory, an image's layers, literals.
 * Calls may be answered from memory; a tree does not follow what changes beneath it.
 */
export interface FileTree {
  /**
   * The node of exactly this name, with no symlink followed, not even on the way:
   * undefined when it does not exist or a component before it is no real directory.
   * To follow links as the kernel does, use `resolve`.
   */
  lookup(path: ImagePath): Promise<FileNode | undefined>;
  /** The names in a real directory, sorted by their bytes; none when `path` is no real directory. */
  list(path: ImagePath): Promise<readonly string[]>;
}

/** Who asks: decides permissions on the way. uid 0 may search all, and execute what at least one class may. */
export interface Credentials {
  readonly uid: number;
  /** Primary group and supplementary ones. */
  readonly gids: readonly number[];
}

/** What following a path came to (path_resolution(7)). */
export type Resolution =
  | {
      readonly found: true;
      /** The real path: no component is a symlink. */
      readonly path: ImagePath;
      readonly node: FileNode;
      /** Each symlink that was followed, in order, by its real path. */
      readonly links: readonly ImagePath[];
    }
  | {
      readonly found: false;
      /** ENOENT, ENOTDIR, EACCES, or ELOOP (more than 40 links). */
      readonly problem: 'missing' | 'not-a-directory' | 'denied' | 'loop';
      /** The real path of the component that stopped it. */
      readonly at: ImagePath;
      readonly links: readonly ImagePath[];
    };
