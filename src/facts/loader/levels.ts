import type { LegacyLevel } from './machines.ts';
import { joinPath, type SearchSetting } from './search.ts';
import type { SearchPlace } from './search-list.ts';

/**
 * The directories that a glibc loader tries for one of its search path, in order: glibc-hwcaps by level, then before
 * 2.37 the combinations of older names, then the directory itself. Those that do not exist are left out.
 */
export async function levelDirectories(setting: SearchSetting, directory: string): Promise<readonly SearchPlace[]> {
  const { files, profile, cpu } = setting;
  if ((await files.directoryAt(directory)) === 'absent') return [];
  const found: SearchPlace[] = [];
  const base = joinPath(directory, 'glibc-hwcaps');
  if (profile.levels.length > 0 && (await files.directoryAt(base)) !== 'absent') {
    for (const level of profile.levels) {
      const isForAll = cpu?.includes(level) ?? false;
      if (isForAll || cpu === undefined) found.push({ path: `${base}/${level}`, isForAll });
    }
  }
  found.push(...(await legacyDirectories(setting, { path: directory, isForAll: true }, profile.legacyLevels)));
  return [...found, { path: directory, isForAll: true }];
}

/** Depth first, so that tls/haswell/x86_64 comes before tls/haswell, and that before tls/x86_64. */
async function legacyDirectories(
  setting: SearchSetting,
  parent: SearchPlace,
  levels: readonly LegacyLevel[],
): Promise<SearchPlace[]> {
  const found: SearchPlace[] = [];
  for (const [index, { name, isCommon }] of levels.entries()) {
    const isForAll = isCommon || (setting.cpu?.includes(name) ?? false);
    if (!isForAll && setting.cpu !== undefined) continue;
    const here = { path: joinPath(parent.path, name), isForAll: parent.isForAll && isForAll };
    if ((await setting.files.directoryAt(here.path)) === 'absent') continue;
    found.push(...(await legacyDirectories(setting, here, levels.slice(index + 1))), here);
  }
  return found;
}
