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

const ociRuntimes = ['runc', 'crun', 'youki'];

/**
 * The runtime of that name, or else the first that is there.
 * @throws {Fault} RUNTIME_MISSING
 */
export function findRuntime(path: string, wanted?: string): Runtime {
  for (const name of wanted === undefined ? ociRuntimes : wanted === 'namespaces' ? [] : [wanted]) {
    const program = name.startsWith('/') ? name : findExecutable(name, path);
    if (program !== undefined) return { kind: 'oci', name, program };
  }
  const setpriv = wanted === undefined || wanted === 'namespaces' ? findExecutable('setpriv', path) : undefined;
  if (setpriv !== undefined) return { kind: 'namespaces', name: 'namespaces', program: setpriv };
  throw new Fault(
    'RUNTIME_MISSING',
    `${wanted ?? 'no container runtime (runc, crun, youki)'} is ${wanted === undefined ? '' : 'not '}in PATH`,
    {
      hint: 'Install runc (apt-get install runc, dnf install runc, apk add runc).',
      about: { path },
    },
  );
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
