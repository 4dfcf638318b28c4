import { baseName, parentPath } from '../../../../kit/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { exists, isReadable, namesServer, readText, wordsOf } from './ask.ts';

const ownStore = /^-Djavax\.net\.ssl\.trustStore=/;
const clients = /https:\/\/|javax\/net\/ssl\/|java\/net\/http\//;

/** Java trusts what stands in cacerts of its runtime, which Debian makes a link to a file of ca-certificates-java. */
export async function trustOfJava(scene: Scene): Promise<readonly Found[]> {
  const { program } = scene;
  if (program === undefined || baseName(program.path) !== 'java') return [];
  const home = parentPath(parentPath(program.path));
  if (!(await exists(scene, `${home}/lib/modules`)) || wordsOf(scene).some((word) => ownStore.test(word))) return [];
  for (const name of ['cacerts', 'jssecacerts']) if (await isReadable(scene, `${home}/lib/security/${name}`)) return [];
  const missing = `${home}/lib/security/cacerts`;
  return [
    {
      severity: namesServer(scene) || (await classIsClient(scene)) ? 'degrades' : 'notes',
      says: `${program.path} trusts what stands in ${missing}, and that cannot be read`,
      advice: 'Install ca-certificates-java, or bring cacerts from the image of the build.',
      missing: [missing],
      about: { home },
    },
  ];
}

/** What a class uses stands in its file as text. */
async function classIsClient(scene: Scene): Promise<boolean> {
  for (const { path } of scene.verdict.chain) {
    if (path.endsWith('.class') && clients.test((await readText(scene, path)) ?? '')) return true;
  }
  return false;
}
