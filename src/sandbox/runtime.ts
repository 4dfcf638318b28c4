import { Fault } from '../kit/index.ts';
import { findExecutable } from './host.ts';

/** What starts the program: an OCI runtime, or the kernel's namespaces through util-linux where there is none. */
export interface Runtime {
  readonly kind: 'oci' | 'namespaces';
  /** `runc`, or whatever was asked for. */
  readonly name: string;
  /** The runtime itself; for namespaces, setpriv(1). */
  readonly program: string;
}

/** Programs of the host that every way of running needs. */
export interface HostTools {
  readonly unshare: string;
  readonly sh: string;
}

export interface RuntimeWish {
  /** `runc`, `crun`, a path or `namespaces`; default: the first that is there and works here. */
  readonly name?: string | undefined;
  /** Whether root cannot make cgroups here, as in a container of docker: runtimes do not go on then. */
  readonly withoutCgroups: boolean;
}

/** @throws {Fault} RUNTIME_MISSING */
export function findRuntime(path: string, { name: wanted, withoutCgroups }: RuntimeWish): Runtime {
  for (const name of candidates(wanted, withoutCgroups)) {
    const program = name.startsWith('/') ? name : findExecutable(name, path);
    if (program !== undefined) return { kind: 'oci', name, program };
  }
  const setpriv = wanted === undefined || wanted === 'namespaces' ? findExecutable('setpriv', path) : undefined;
  if (setpriv !== undefined) return { kind: 'namespaces', name: 'namespaces', program: setpriv };
  const what = wanted === undefined ? 'no container runtime (runc, crun, youki) is' : `${wanted} is not`;
  throw new Fault('RUNTIME_MISSING', `${what} in PATH`, {
    hint: 'Install runc (apt-get install runc, dnf install runc, apk add runc).',
    about: { path },
  });
}

function candidates(wanted: string | undefined, withoutCgroups: boolean): readonly string[] {
  if (wanted === undefined) return withoutCgroups ? [] : ['runc', 'crun', 'youki'];
  return wanted === 'namespaces' ? [] : [wanted];
}

/** @throws {Fault} RUNTIME_MISSING */
export function findTools(path: string): HostTools {
  const find = (name: string): string => {
    const file = findExecutable(name, path);
    if (file !== undefined) return file;
    throw new Fault('RUNTIME_MISSING', `containers need ${name}, which is not in PATH`, {
      hint: 'Install util-linux (apt-get install util-linux).',
      about: { path },
    });
  };
  return { unshare: find('unshare'), sh: find('sh') };
}
