import type { Rule } from '../../rule.ts';
import { exists, homeOf, isUnprivileged, mayWriteIn } from './ask.ts';
import { mentions, workOf } from './work.ts';

export const homeMissing: Rule = {
  code: 'home-missing',
  severity: 'notes',
  title: 'The program uses HOME, and its user has no directory there to write in.',
  sees: [
    'Go: mkdir /.cache: permission denied',
    "Python: PermissionError: [Errno 13] Permission denied: '/.local'",
    "npm: EACCES: permission denied, mkdir '/.npm'",
  ],
  why: 'docker takes HOME from /etc/passwd of the image, and / for a user that is not there. Programs keep caches and settings below it.',
  fix: 'Make a home directory for the user, or set HOME to one that it may write in.',
  dockerfile: 'ENV HOME=/tmp',
  async judge(scene) {
    const work = await workOf(scene);
    if (work === undefined || !isUnprivileged(scene)) return [];
    const isUsed =
      work.language === 'go'
        ? await mentions(work, '$HOME is not defined')
        : (await work.program.strings()).has('HOME');
    const home = await homeOf(scene);
    if (!isUsed || (await mayWriteIn(scene, home))) return [];
    const uid = scene.verdict.as?.uid ?? 0;
    const says = (await exists(scene, home))
      ? `${work.program.path} uses HOME, which is ${home}, and the user ${uid} may not write there`
      : `${work.program.path} uses HOME, which is ${home}, and the image has no such directory`;
    return [{ says, about: { home, uid, program: work.program.path } }];
  },
};
