import type { Closure, HowFound, LoadedObject } from '../../facts/loader/index.ts';
import { findVariable } from '../../formats/runtime/index.ts';

/** Why the loader finds an object where it does, and where it looks before in vain: a phrase. */
export function whyFound(object: LoadedObject, closure: Closure, env: readonly string[]): string {
  const inVain = inVainBefore(object, closure, env);
  const reason = reasonOf(object, closure);
  return inVain.length === 0 ? reason : `${reason}; it is not in ${inVain.join(', nor in ')}`;
}

function reasonOf(object: LoadedObject, closure: Closure): string {
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
    case 'rpath':
      return pathOf(object, closure)?.says ?? 'a RUNPATH or RPATH names the directory';
    case 'cache':
      return `${closure.profile?.cachePath ?? 'ld.so.cache'} names it`;
    case 'default':
      return 'the loader searches this directory by default';
  }
}

interface OwnPath {
  readonly kind: 'runpath' | 'rpath';
  readonly says: string;
  readonly shown: string;
}

/** DT_RUNPATH counts for what its object needs; DT_RPATH, where that is not there, for what that needs in turn too. */
function pathOf({ wantedBy }: LoadedObject, { objects }: Closure): OwnPath | undefined {
  const seen = new Set<string>();
  for (let path = wantedBy; path !== undefined && !seen.has(path); ) {
    seen.add(path);
    const wanter = objects.find((one) => one.path === path);
    const { runpath, rpath } = wanter?.elf.dynamic ?? {};
    const value = path === wantedBy ? (runpath ?? rpath) : runpath === undefined ? rpath : undefined;
    if (value !== undefined) {
      const kind = runpath === undefined ? 'rpath' : 'runpath';
      const name = `the ${kind.toUpperCase()} of ${path}`;
      return { kind, says: `${name} is ${value}`, shown: `${name} (${value})` };
    }
    path = wanter?.wantedBy;
  }
  return undefined;
}

/** glibc's order (ld.so(8)); musl looks into LD_LIBRARY_PATH first of all. */
const order: readonly HowFound[] = ['rpath', 'LD_LIBRARY_PATH', 'runpath', 'cache', 'default'];
const muslOrder: readonly HowFound[] = ['LD_LIBRARY_PATH', 'rpath', 'runpath', 'default'];

function inVainBefore(object: LoadedObject, closure: Closure, env: readonly string[]): string[] {
  const steps = closure.flavour === 'musl' ? muslOrder : order;
  const before = steps.slice(0, Math.max(steps.indexOf(object.how), 0));
  const own = pathOf(object, closure);
  const libraryPath = findVariable(env, 'LD_LIBRARY_PATH') ?? '';
  return before.flatMap((step) => {
    if (step === 'LD_LIBRARY_PATH') return libraryPath === '' ? [] : [`LD_LIBRARY_PATH (${libraryPath})`];
    if (step === 'cache') return closure.profile === undefined ? [] : [closure.profile.cachePath];
    return own?.kind === step ? [own.shown] : [];
  });
}
