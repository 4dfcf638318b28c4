import type { Rule } from '../../rule.ts';

export const entrypointUnderVolume: Rule = {
  code: 'entrypoint-under-volume',
  severity: 'notes',
  title: 'The program lies below a volume, which hides it when something is mounted there.',
  sees: [
    'docker: exec: "/data/app": stat /data/app: no such file or directory: unknown',
    'container: exec /data/app: permission denied, when the volume is mounted noexec',
  ],
  why: 'docker fills a new named volume with what the image has at that path, and then keeps it: a later image brings its new program to no container that has the volume. A directory of the host mounted there hides the program.',
  fix: 'Keep programs outside of volumes.',
  dockerfile: 'COPY app /usr/local/bin/app\nVOLUME /data',
  judge({ verdict, config }) {
    for (const { path } of verdict.chain) {
      const volume = config.volumes.find((each) => each !== '/' && path.startsWith(`${each.replace(/\/$/, '')}/`));
      if (volume === undefined) continue;
      return [{ says: `${path}, which is executed, lies below the volume ${volume}`, about: { path, volume } }];
    }
    return [];
  },
};
