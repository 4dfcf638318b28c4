import { existsSync } from 'node:fs';
import { type NamedStore, openStore } from '../content/index.ts';

/** A question makes no store: where there is none, an archive from a pipe is put by with other temporary files. */
export async function openStoreToRead(directory: string): Promise<NamedStore> {
  const store = await openStore(directory);
  if (existsSync(directory)) return store;
  const { spool: _spool, removeUnused: _removeUnused, ...named } = store;
  return named;
}
