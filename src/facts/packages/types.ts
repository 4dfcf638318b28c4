import type { ImagePath } from '../../kit/index.ts';

/** An installed package. Names of other packages stand without versions and architectures. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package that it was built from. */
  readonly source: string;
  readonly essential: boolean;
  readonly installedBytes: number | undefined;
  /** Each is a list of alternatives. Pre-Depends are among them. */
  readonly depends: readonly (readonly string[])[];
  readonly recommends: readonly (readonly string[])[];
  readonly suggests: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

/** A package manager's records in a tree. Answers are read as they are asked for and kept. */
export interface PackageDatabase {
  readonly kind: 'dpkg' | 'apk' | 'rpm' | 'pacman' | 'opkg';
  /** Where it stands in the tree. */
  readonly path: ImagePath;
  /** Whether its content can be read; when not, every other answer is empty, which means nothing. */
  readonly readable: boolean;
  all(): Promise<readonly Package[]>;
  /** By name, or a package that provides that name. */
  find(name: string): Promise<Package | undefined>;
  /** The installed packages that were built from one source package. */
  builtFrom(source: string): Promise<readonly Package[]>;
  /** The package that `path` came from; `path` is a real path, the record may name it through /bin, /lib or /sbin. */
  ownerOf(path: ImagePath): Promise<Package | undefined>;
  /** Whether the record of `owner` names `path`, itself or through /bin, /lib or /sbin. */
  owns(owner: Package, path: ImagePath): Promise<boolean>;
  /** Files, links and directories as the record names them, diverted ones where they went. */
  filesOf(owner: Package): Promise<readonly ImagePath[]>;
}
