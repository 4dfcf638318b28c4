import type { Closure, LoadedObject } from '../../facts/loader/index.ts';

/** Why the loader finds an object where it does: a phrase. */
export function whyFound(object: LoadedObject, closure: Closure): string {
  const wanter = closure.objects.find(({ path }) => path === object.wantedBy);
  const { profile } = closure;
  switch (object.how) {
    case 'program':
      return 'it is the program';
    case 'interpreter':
      return 'it is the loader that the program names (PT_INTERP)';
    case 'preload':
      return 'LD_PRELOAD or /etc/ld.so.preload names it';
    case 'path':
      return `${object.requested} is a path`;
    case 'LD_LIBRARY_PATH':
      return 'LD_LIBRARY_PATH names the directory';
    case 'runpath':
      return `the RUNPATH of ${object.wantedBy} is ${wanter?.elf.dynamic?.runpath}`;
    case 'rpath':
      return rpathReason(wanter, closure);
    case 'cache':
      return `${profile?.cachePath ?? 'ld.so.cache'} names it`;
    case 'default':
      return 'the loader searches this directory by default';
  }
}

/** DT_RPATH counts for what an object needs and for what that needs in turn. */
function rpathReason(wanter: LoadedObject | undefined, { objects }: Closure): string {
  const seen = new Set<LoadedObject>();
  for (
    let one = wanter;
    one !== undefined && !seen.has(one);
    one = objects.find(({ path }) => path === one?.wantedBy)
  ) {
    seen.add(one);
    const { rpath, runpath } = one.elf.dynamic ?? {};
    if (rpath !== undefined && runpath === undefined) return `the RPATH of ${one.path} is ${rpath}`;
    if (one.elf.dynamic?.runpath !== undefined) return `the RUNPATH of ${one.path} is ${runpath}`;
  }
  return 'an RPATH names the directory';
}
