import type { ImagePath } from '../../kit/index.ts';
import { variable } from './environment.ts';
import type { Mapped } from './link-map.ts';
import type { Loading } from './loading.ts';
import { splitPreload, withoutComments } from './search-path.ts';

interface Preloads {
  readonly mapped: readonly Mapped[];
  /** Objects that are not there: glibc warns, musl says nothing. */
  readonly notes: readonly string[];
}

const preloadFile = '/etc/ld.so.preload' as ImagePath;
const limitBytes = 1024 * 1024;

/** Loads LD_PRELOAD and, with glibc, /etc/ld.so.preload: before all that is needed, in that order. */
export async function preload(loading: Loading, env: readonly string[]): Promise<Preloads> {
  const { setting } = loading;
  // In secure mode only set-uid libraries in trusted directories count, which nobody has.
  const names = setting.secure ? [] : splitPreload(variable(env, 'LD_PRELOAD'));
  const isMusl = setting.profile.flavour === 'musl';
  const listed = isMusl ? [] : await listedPreloads(loading);
  const mapped: Mapped[] = [];
  const notes: string[] = [];
  for (const name of [...names, ...listed]) {
    const requester = isMusl ? undefined : setting.program();
    const found = await loading.load({ name, isOptional: true }, requester, 'preload');
    if (found === undefined) notes.push(`${name} is to be loaded before all others and is not there`);
    else mapped.push(found);
  }
  return { mapped, notes };
}

async function listedPreloads(loading: Loading): Promise<string[]> {
  const text = await loading.setting.files.read(preloadFile, limitBytes);
  if (text === undefined) return [];
  const because = {
    rule: 'preload',
    by: undefined,
    detail: 'the list of libraries that glibc loads before all others',
  };
  loading.addFile({ path: preloadFile, because });
  return splitPreload(withoutComments(text.toString('latin1')));
}
