import { resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';

export const libraryPathDropped: Rule = {
  code: 'library-path-dropped',
  severity: 'notes',
  title: 'The loader ignores LD_LIBRARY_PATH and LD_PRELOAD, since the program gets privileges when it starts.',
  sees: [
    'ld.so: /app: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory',
  ],
  why: 'A program that is set-uid or set-gid to another id, or has file capabilities and is started by another user than root, runs in secure mode: the loader drops the variables that would let the caller choose its libraries.',
  fix: 'Put the libraries into a directory that the loader searches by itself, or give the program a DT_RUNPATH without $ORIGIN.',
  dockerfile: 'RUN echo /opt/app/lib > /etc/ld.so.conf.d/app.conf && ldconfig',
  judge: judgePrivileges,
};

async function judgePrivileges(scene: Scene): Promise<readonly Found[]> {
  const { program, env } = scene;
  const variables = ['LD_LIBRARY_PATH', 'LD_PRELOAD'].filter((name) => (env.get(name) ?? '') !== '');
  if (program === undefined || program.closure.flavour === 'static' || variables.length === 0) return [];
  const why = await privilegesOf(program.path, scene);
  if (why === undefined) return [];
  return [
    { says: `${program.path} ${why}, so that the loader ignores ${variables.join(' and ')}`, about: { variables } },
  ];
}

const [setUserId, setGroupId] = [0o4000, 0o2010];

/** As execve(2) sets AT_SECURE: root gains nothing, and neither does who has the id already. */
async function privilegesOf(path: string, { tree, verdict: { as } }: Scene): Promise<string | undefined> {
  const found = await resolve(tree, path);
  if (!found.found || as === undefined) return undefined;
  const { mode, uid, gid, xattrs } = found.node;
  if ((mode & setUserId) !== 0 && uid !== as.uid) return 'is set-uid';
  if ((mode & setGroupId) === setGroupId && gid !== as.gids[0]) return 'is set-gid';
  return as.uid !== 0 && xattrs.has('security.capability') ? 'has file capabilities' : undefined;
}
