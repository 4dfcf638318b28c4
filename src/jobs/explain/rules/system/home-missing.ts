import type { Rule } from '../../rule.ts';
import { exists, homeOf, isUnprivileged, mayWriteIn } from './ask.ts';
import { mentions, type Work, workOf } from './work.ts';

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
    const home = await homeOf(scene);
    if ((await mayWriteIn(scene, home)) || !(await usesHome(work))) return [];
    const uid = scene.verdict.as?.uid ?? 0;
    const says = (await exists(scene, home))
      ? `${work.program.path} uses HOME, which is ${home}, and the user ${uid} may not write there`
      : `${work.program.path} uses HOME, which is ${home}, and the image has no such directory`;
    return [{ says, about: { home, uid, program: work.program.path } }];
  },
};

async function usesHome(work: Work): Promise<boolean> {
  if (work.language === 'go') return mentions(work, '$HOME is not defined');
  const isClosed = work.imports.size === 0;
  if (!isClosed && work.importsAny(['getenv', 'secure_getenv']) === undefined) return false;
  return (await work.program.strings()).has('HOME');
}
