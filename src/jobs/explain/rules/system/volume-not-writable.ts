import { resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule } from '../../rule.ts';
import { isUnprivileged, mayWriteIn } from './ask.ts';

export const volumeNotWritable: Rule = {
  code: 'volume-not-writable',
  severity: 'degrades',
  title: 'The user of the image may not write in its volume.',
  sees: [
    'C: open: Permission denied (EACCES)',
    'Go: open /data/x: permission denied',
    "Python: PermissionError: [Errno 13] Permission denied: '/data/x'",
  ],
  why: 'docker makes a new volume with the owner and mode that its path has in the image, and root’s where the image has nothing there. VOLUME, COPY and WORKDIR make directories of root, whatever USER says.',
  fix: 'Make the directory with the user as its owner before VOLUME.',
  dockerfile: 'COPY --chown=1000:1000 empty/ /data/\nVOLUME /data\nUSER 1000',
  async judge(scene) {
    if (!isUnprivileged(scene)) return [];
    const uid = scene.verdict.as?.uid ?? 0;
    const found: Found[] = [];
    for (const volume of scene.config.volumes) {
      if (!volume.startsWith('/') || (await mayWriteIn(scene, volume))) continue;
      const at = await resolve(scene.tree, volume);
      const why = at.found ? `${at.path} is of user ${at.node.uid}` : 'docker makes it root’s';
      found.push({
        says: `the user ${uid} may not write in the volume ${volume}: ${why}`,
        advice: `RUN mkdir -p ${volume} && chown ${uid} ${volume}`,
        about: { volume, uid },
      });
    }
    return found;
  },
};
