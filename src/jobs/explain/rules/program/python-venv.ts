import { languageOf } from '../../../../facts/programs/index.ts';
import { parentPath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { versionOf } from './python-modules.ts';

const mostBytes = 64 * 1024;

export const pythonVenv: Rule = {
  code: 'python-venv',
  severity: 'degrades',
  title: 'A virtual environment is not used by the Python that runs.',
  sees: [
    'container: exec /venv/bin/gunicorn: no such file or directory',
    "python: ModuleNotFoundError: No module named 'flask'",
  ],
  why: 'A virtual environment is a directory of packages and a link to the Python that made it. In an image that has this Python elsewhere or in another release, the link leads nowhere, or its packages lie in a lib/python3.X that is not looked into; with PATH another Python is found instead, without the packages.',
  fix: 'Make the environment in a stage with the same base, or again in the final image.',
  dockerfile: 'RUN python3 -m venv --upgrade /venv',
  judge: judgeEnvironments,
};

async function judgeEnvironments(scene: Scene): Promise<readonly Found[]> {
  const { program, verdict } = scene;
  if (verdict.starts === 'no' || program === undefined || (await languageOf(program)) !== 'python') return [];
  const version = versionOf(program);
  const found: Found[] = [];
  for (const home of await environmentsOf(scene)) {
    const link = await resolve(scene.tree, `${home}/bin/python`);
    const made = await versionIn(scene, home);
    if (!link.found)
      found.push({
        says: `${home}/bin/python leads to ${link.at}, which is not there`,
        missing: [link.at],
        about: { home },
      });
    else if (made !== undefined && version !== undefined && made !== version)
      found.push({
        says: `${home} was made by Python ${made}, and Python ${version} runs`,
        about: { home, made, version },
      });
  }
  return found;
}

/** Those that the configuration names: VIRTUAL_ENV and the directories of PATH beside a pyvenv.cfg. */
async function environmentsOf({ tree, env }: Scene): Promise<ReadonlySet<string>> {
  const parents = (env.get('PATH') ?? '').split(':').filter((path) => /^\/.*\/bin\/?$/.test(path));
  const homes = [env.get('VIRTUAL_ENV') ?? '', ...parents.map((path) => path.replace(/\/bin\/?$/, ''))];
  const found = new Set<string>();
  for (const home of homes.filter((path) => path.startsWith('/'))) {
    const config = await resolve(tree, `${home}/pyvenv.cfg`);
    if (config.found) found.add(parentPath(config.path));
  }
  return found;
}

async function versionIn({ tree }: Scene, home: string): Promise<string | undefined> {
  const text = (await readFile(tree, `${home}/pyvenv.cfg`, mostBytes))?.toString('utf8') ?? '';
  return /^version(?:_info)?\s*=\s*(\d+\.\d+)/m.exec(text)?.[1];
}
