import type { Rule } from '../../rule.ts';
import { folderFor, isTemporaryFolderBad, temporaryCaller } from './temporary.ts';
import { workOf } from './work.ts';

export const tmpMissing: Rule = {
  code: 'tmp-missing',
  severity: 'notes',
  title: 'The program can make temporary files, and has no directory for them.',
  sees: [
    'Go: open /tmp/x123: no such file or directory',
    'Python: FileNotFoundError: [Errno 2] No usable temporary directory found',
    "Node: ENOENT: no such file or directory, mkdtemp '/tmp/x-XXXXXX'",
    'C: mkstemp: No such file or directory',
  ],
  why: 'Neither docker nor runc makes /tmp: an image from scratch has none, and a COPY can take its mode 1777 away.',
  fix: 'Make /tmp with mode 1777, mount a tmpfs there, or set TMPDIR.',
  dockerfile: 'COPY --chmod=1777 empty/ /tmp/',
  async judge(scene) {
    const work = await workOf(scene);
    const bad = work && (await isTemporaryFolderBad(scene));
    const caller = bad && (await temporaryCaller(scene, work));
    // A small program is told of by late-file-missing.
    if (work === undefined || bad === undefined || caller === undefined || (work.isSmall && work.language !== 'go'))
      return [];
    const folder = folderFor(scene);
    const says =
      bad === 'absent'
        ? `${work.program.path} can make temporary files (${caller}), and the image has no ${folder}`
        : `${work.program.path} can make temporary files (${caller}), and its user may not write in ${folder}`;
    return [{ says, about: { folder, caller, program: work.program.path } }];
  },
};
