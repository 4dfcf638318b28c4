import { berkeleyValues, isBerkeleyHash } from './berkeley.ts';
import { isNdb, ndbBlobs } from './ndb.ts';
import { isSqlite, sqliteRows } from './sqlite.ts';

/**
 * The blob of each package in an rpm database of any of its formats: SQLite (rpmdb.sqlite), ndb (Packages.db), Berkeley
 * DB (Packages). undefined for a file that is none of them; what is damaged in one is passed over.
 */
export function rpmBlobs(file: Uint8Array): Iterable<Uint8Array> | undefined {
  if (isSqlite(file)) return sqliteBlobs(file);
  if (isNdb(file)) return ndbBlobs(file);
  return isBerkeleyHash(file) ? berkeleyValues(file) : undefined;
}

function* sqliteBlobs(file: Uint8Array): Generator<Uint8Array> {
  for (const row of sqliteRows(file, 'Packages')) {
    for (const value of row) if (value instanceof Uint8Array) yield value;
  }
}
