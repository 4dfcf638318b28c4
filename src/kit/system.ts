import { errnoOf, Fault, type FaultCode } from './fault.ts';

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['permission denied', 'Run it as a user who may, or choose another place.'],
  EPERM: ['operation not permitted', 'Run it as a user who may, or choose another place.'],
  EROFS: ['the file system is read-only', 'Choose another place, for the store with --store DIR.'],
  ENOSPC: ['no space is left', 'Free some space; nothing half-written was kept.'],
  EDQUOT: ['the quota is used up', 'Free some space; nothing half-written was kept.'],
  ENOENT: ['no such file or directory', 'Check the path.'],
  ENOTDIR: ['a part of the path is no directory', 'Check the path.'],
  EISDIR: ['it is a directory', 'Check the path.'],
  ELOOP: ['too many symbolic links', 'Check the path.'],
  EMFILE: ['too many files are open', 'Raise the limit with ulimit -n.'],
};

/** The Fault for an error of the operating system while `doing` ("cannot write …"); any other error stays what it is. */
export function systemFault(error: unknown, doing: string): unknown {
  const errno = errnoOf(error);
  if (error instanceof Fault || errno === undefined || !/^E[A-Z0-9]+$/.test(errno)) return error;
  const [reason, hint] = reasons[errno] ?? [errno, 'Check the path and the file system.'];
  const code: FaultCode = errno === 'ENOENT' || errno === 'ENOTDIR' ? 'FILE_NOT_FOUND' : 'SYSTEM';
  return new Fault(code, `${doing}: ${reason}`, { hint, cause: error });
}

/** Runs `work`; errors of the operating system become Faults that begin with `doing`. */
export async function during<T>(doing: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw systemFault(error, doing);
  }
}
