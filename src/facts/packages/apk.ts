import { type ImagePath, imagePath } from '../../kit/index.ts';
import { listedDatabase } from './listed.ts';
import type { Package, PackageDatabase } from './types.ts';

/** apk's record: paragraphs of one-letter fields, `F:` a directory and `R:` a file in it (apk-installed(5)). */
export function apkDatabase(path: ImagePath, text: string): PackageDatabase {
  const files = new Map<Package, ImagePath[]>();
  for (const paragraph of text.split('\n\n')) {
    const fields = new Map<string, string>();
    const owned: ImagePath[] = [];
    let folder = '';
    for (const line of paragraph.split('\n')) {
      const [letter, value] = [line.slice(0, 1), line.slice(2)];
      if (line[1] !== ':') continue;
      if (letter === 'F') folder = value;
      if (letter === 'F' || letter === 'R') owned.push(imagePath(letter === 'F' ? value : `${folder}/${value}`));
      else if (!fields.has(letter)) fields.set(letter, value);
    }
    const found = packageOf(fields);
    if (found !== undefined) files.set(found, owned);
  }
  return listedDatabase({ kind: 'apk', path, packages: [...files.keys()], files: async () => files });
}

function packageOf(fields: ReadonlyMap<string, string>): Package | undefined {
  const name = fields.get('P');
  if (name === undefined || name === '') return undefined;
  const size = Number(fields.get('I'));
  return {
    name,
    version: fields.get('V') ?? '',
    architecture: fields.get('A') ?? '',
    source: fields.get('o') ?? name,
    essential: false,
    installedBytes: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    depends: namesIn(fields.get('D'))
      .filter((one) => !one.startsWith('!'))
      .map((one) => [one]),
    recommends: [],
    suggests: [],
    provides: namesIn(fields.get('p')),
  };
}

/** `so:libc.musl-x86_64.so.1=1 cmd:ls foo>=2` without the versions. */
const namesIn = (text = ''): string[] =>
  text
    .split(' ')
    .map((one) => one.split(/[<>=~]/)[0] ?? '')
    .filter((one) => one !== '');
