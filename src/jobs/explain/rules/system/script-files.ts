import { imagePath, parentPath } from '../../../../kit/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { exists, isUnprivileged, mayWriteIn } from './ask.ts';
import { matchesOf, type PlainScript, plainScriptOf, shellScriptOf } from './script.ts';
import { folderFor } from './temporary.ts';

interface Patterns {
  /** An absolute path in the second group. */
  readonly reads: RegExp;
  readonly writes: RegExp;
}

const patterns: Readonly<Partial<Record<PlainScript['language'], Patterns>>> = {
  python: {
    reads: /\bopen\(\s*(['"])(\/[^'"\s{}]+)\1\s*(?:\)|,\s*(?:mode\s*=\s*)?['"]r[bt]?['"]|,\s*encoding)/g,
    writes: /\bopen\(\s*(['"])(\/[^'"\s{}]+)\1\s*,\s*(?:mode\s*=\s*)?['"][wax]/g,
  },
  node: {
    reads: /\b(?:readFileSync|openSync|readdirSync|statSync)\(\s*(['"`])(\/[^'"`\s${}]+)\1(?!\s*,\s*['"][wa])/g,
    writes: /\b(?:writeFileSync|appendFileSync|createWriteStream|mkdtempSync)\(\s*(['"`])(\/[^'"`\s${}]+)\1/g,
  },
  ruby: {
    reads: /\bFile\.(?:read|open|readlines)\(\s*(['"])(\/[^'"\s#{}]+)\1\s*\)/g,
    writes: /\bFile\.(?:write|open)\(\s*(['"])(\/[^'"\s#{}]+)\1\s*,\s*['"]?[wa]?/g,
  },
  perl: {
    reads: /\bopen\b[^;]*['"]<[^'"]*['"]\s*,\s*(['"])(\/[^'"\s$]+)\1[^;]*\bdie\b/g,
    writes: /\bopen\b[^;]*['"]>>?[^'"]*['"]\s*,\s*(['"])(\/[^'"\s$]+)\1[^;]*\bdie\b/g,
  },
};

/** Files that a script opens by a constant path, and that no open(2) could succeed for. */
export async function filesOfScript(scene: Scene): Promise<readonly Found[]> {
  const script = await plainScriptOf(scene);
  const known = script && patterns[script.language];
  if (script === undefined || known === undefined) return [];
  const found: Found[] = [];
  for (const path of matchesOf(script.text, known.reads, 2)) {
    if (!(await exists(scene, path))) found.push(lacking(script, path, `reads ${path}, which the image does not have`));
  }
  for (const path of matchesOf(script.text, known.writes, 2)) {
    const parent = parentPath(imagePath(path));
    if (!(await exists(scene, parent)))
      found.push(lacking(script, path, `writes ${path}, and the image has no ${parent}`));
    else if (isUnprivileged(scene) && !(await exists(scene, path)) && !(await mayWriteIn(scene, parent)))
      found.push(lacking(script, path, `writes ${path}, and its user may not make files in ${parent}`));
  }
  return found;
}

const maker = /(^|[\s;&|`(])mktemp\b(?![^\n;|&)]*(\s-p|--tmpdir|\s[\w./$-]*\/))/;

/** mktemp in what a shell's script does in any case. */
export async function temporaryOfShell(scene: Scene): Promise<readonly Found[]> {
  const script = await shellScriptOf(scene);
  if (script === undefined || !maker.test(script.text)) return [];
  const folder = folderFor(scene);
  if (await mayWriteIn(scene, folder)) return [];
  const why = (await exists(scene, folder)) ? `its user may not write in ${folder}` : `the image has no ${folder}`;
  return [
    {
      says: `${script.path} makes temporary files (mktemp), and ${why}`,
      advice: `RUN mkdir -p -m 1777 ${folder}`,
      missing: [folder],
      about: { script: script.path, folder },
    },
  ];
}

const lacking = (script: PlainScript, path: string, what: string): Found => ({
  says: `${script.path} ${what}`,
  missing: [path],
  about: { path, script: script.path },
});
