/**
 * facts/packages: which installed package owns a file, what else it owns and what it depends on.
 * It reads the databases of dpkg (and distroless' status.d), apk, rpm, pacman and opkg.
 */
export { packagesOf } from './find.ts';
export type { Package, PackageDatabase } from './types.ts';
