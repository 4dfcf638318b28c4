import { baseName } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const plain = /^(DejaVuSans|LiberationSans-Regular|NotoSans-Regular)\.(ttf|otf)$/;
const configurations = ['/etc/fonts', '/usr/share/fontconfig'];
const mostFonts = 20_000;

/** fontconfig's rules, one plain font so that text is drawn at all, and the others that a document may name. */
export const fonts: Rule = {
  name: 'font',
  async wishesOf(subject, scene) {
    if (!/^libfontconfig\.so/.test(baseName(subject.path))) return [];
    const detail = 'libfontconfig reads it';
    const wishes: Wish[] = configurations.map((path) => ({ path, level: 'likely', detail, what: 'tree' }));
    const found = await fontsBelow('/usr/share/fonts', scene);
    const first = found.find((path) => plain.test(path.slice(path.lastIndexOf('/') + 1))) ?? found[0];
    if (first !== undefined) wishes.push({ path: first, level: 'likely', detail: 'a font to draw with' });
    for (const path of ['/usr/share/fonts', '/usr/local/share/fonts', '/var/cache/fontconfig']) {
      wishes.push({ path, level: 'possible', detail: 'a document may name it', what: 'tree' });
    }
    return wishes;
  },
};

async function fontsBelow(folder: string, scene: Scene, found: string[] = []): Promise<string[]> {
  for (const name of await scene.namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (found.length >= mostFonts) return found;
    if (/\.(ttf|otf|ttc|pfb)$/.test(name)) found.push(path);
    else if (!name.includes('.')) await fontsBelow(path, scene, found);
  }
  return found;
}
