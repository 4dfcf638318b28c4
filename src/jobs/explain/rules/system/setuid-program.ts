import { mayExecute, resolve } from '../../../../rootfs/index.ts';
import type { Rule, Scene } from '../../rule.ts';
import { isUnprivileged } from './ask.ts';

const setUserId = 0o4000;
const mostNamed = 10;

export const setuidProgram: Rule = {
  code: 'setuid-program',
  severity: 'notes',
  title: 'Programs of the image make root of its unprivileged user.',
  sees: [
    "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set or an NFS file system without root privileges?",
    'sudo: The "no new privileges" flag is set, which prevents sudo from running as root.',
  ],
  why: 'A set-uid program of root runs as root whoever starts it. USER with another user is weaker than it looks where the image has some, and they fail where the container is run with no-new-privileges, as Kubernetes does on request.',
  fix: 'Take the bit away, or run with --security-opt no-new-privileges.',
  dockerfile: 'RUN find / -xdev -perm -4000 -type f -exec chmod u-s {} +',
  async judge(scene) {
    if (!isUnprivileged(scene)) return [];
    const paths: string[] = [];
    for (const { path, mode } of (await scene.survey()).privileged)
      if ((mode & setUserId) !== 0 && (await makesRoot(scene, path))) paths.push(path);
    if (paths.length === 0) return [];
    const named = `${paths.slice(0, mostNamed).join(', ')}${paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : ''}`;
    return [
      {
        says: `the user ${scene.verdict.as?.uid} can become root with the set-uid program${paths.length === 1 ? '' : 's'} ${named}`,
        advice: `RUN chmod u-s ${paths.slice(0, mostNamed).join(' ')}`,
        about: { paths },
      },
    ];
  },
};

async function makesRoot({ tree, verdict }: Scene, path: string): Promise<boolean> {
  const found = await resolve(tree, path, verdict.as === undefined ? {} : { as: verdict.as });
  if (!found.found || found.node.uid !== 0) return false;
  return verdict.as === undefined || mayExecute(found.node, verdict.as);
}
