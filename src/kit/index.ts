/**
 * kit: what every room uses and no room owns: failures, re-openable bytes, digests, paths, names.
 * It knows nothing of images, touches no disk and no network.
 */
export { algorithmOf, type Digest, type Digester, digester, digestOf, hexOf, isDigest, parseDigest } from './digest.ts';
export { errnoOf, Fault, type FaultCode, type FaultDetails, isFault } from './fault.ts';
export { type FieldReader, type Fields, fieldReader } from './json.ts';
export { ancestorsOf, baseName, childPath, type ImagePath, imagePath, parentPath, rootPath } from './path.ts';
export { mapPool } from './pool.ts';
export { formatSize } from './size.ts';
export { bytesSource, readAll, readAt, type Source, textSource } from './source.ts';
export { during, systemFault } from './system.ts';
export { bytesOfText, compareNames, textOfBytes, trimEndOf } from './text.ts';
