import { statSync } from 'node:fs';

/** What is at `path`, links followed: a layout directory, another directory, a file; undefined when nothing is. */
export function findPathKind(path: string): 'layout' | 'directory' | 'file' | undefined {
  const status = statIfThere(path);
  if (status === undefined) return undefined;
  if (!status.isDirectory()) return 'file';
  return statIfThere(`${path}/oci-layout`)?.isFile() ? 'layout' : 'directory';
}

function statIfThere(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
