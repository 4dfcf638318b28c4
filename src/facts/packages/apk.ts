import { type ImagePath, imagePath } from '../../kit/index.ts';
import { listedDatabase } from './listed.ts';
import type { Package, PackageDatabase } from './types.ts';

/** apk's record: paragraphs of one-letter fields, then `F:` a directory and `R:` a file in it (apk-installed(5)). */
export function apkDatabase(path: ImagePath, text: string): PackageDatabase {
  const paragraphs = new Map<Package, string>();
  for (const paragraph of text.split('\n\n')) {
    const found = packageOf(fieldsOf(paragraph));
    if (found !== undefined) paragraphs.set(found, paragraph);
  }
  const files = async () => new Map([...paragraphs].map(([owner, paragraph]) => [owner, filesOf(paragraph)]));
  return listedDatabase({ kind: 'apk', path, packages: [...paragraphs.keys()], files });
}

/** What stands before the files, which are most of it. */
function fieldsOf(paragraph: string): Map<string, string> {
  const end = paragraph.indexOf('\nF:');
  const fields = new Map<string, string>();
  for (const line of (end === -1 ? paragraph : paragraph.slice(0, end)).split('\n')) {
    if (line[1] === ':' && !fields.has(line.slice(0, 1))) fields.set(line.slice(0, 1), line.slice(2));
  }
  return fields;
}

function filesOf(paragraph: string): ImagePath[] {
  const owned: ImagePath[] = [];
  let folder = '';
  for (const line of paragraph.split('\n')) {
    const value = line.slice(2);
    const isFolder = line.startsWith('F:');
    if (isFolder) folder = value;
    if (isFolder) owned.push(imagePath(value));
    else if (line.startsWith('R:')) owned.push(imagePath(`${folder}/${value}`));
  }
  return owned;
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
