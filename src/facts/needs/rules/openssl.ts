import { baseName } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

/** What libcrypto opens by itself: its configuration, the directory of trusted roots, providers. */
export const openssl: Rule = {
  name: 'openssl',
  async wishesOf(subject, scene) {
    if (!/^libcrypto\.so/.test(baseName(subject.path))) return [];
    const bytes = await subject.bytes();
    const folder = quoted(bytes, 'OPENSSLDIR');
    const wishes: Wish[] = folder === undefined ? [] : await wishesIn(folder, scene);
    const modules = quoted(bytes, 'MODULESDIR');
    const isTool = baseName(scene.program) === 'openssl';
    if (modules !== undefined) {
      wishes.push({
        path: `${modules}/legacy.so`,
        level: isTool ? 'likely' : 'possible',
        detail: 'old algorithms',
        role: 'module',
      });
    }
    const engines = quoted(bytes, 'ENGINESDIR');
    if (engines !== undefined)
      wishes.push({ path: engines, level: 'possible', detail: 'engines that a configuration may name', what: 'tree' });
    return wishes;
  },
};

async function wishesIn(folder: string, scene: Scene): Promise<Wish[]> {
  const detail = `libcrypto reads it (OPENSSLDIR ${folder})`;
  const wishes: Wish[] = [{ path: `${folder}/openssl.cnf`, level: 'likely', detail }];
  if (![...scene.chosen.keys()].some((path) => /^libssl\.so/.test(baseName(path)))) return wishes;
  wishes.push({ path: `${folder}/cert.pem`, level: 'likely', detail });
  const certificates = await scene.findDirectory(`${folder}/certs`);
  if (certificates !== undefined)
    wishes.push({ path: `${folder}/certs`, level: 'likely', detail, what: 'tree', without: /\/java(\/|$)/ });
  return wishes;
}

/** `/usr/lib/ssl` of `OPENSSLDIR: "/usr/lib/ssl"`. */
function quoted(bytes: Buffer, name: string): string | undefined {
  const mark = `${name}: "`;
  const at = bytes.indexOf(mark, 0, 'latin1');
  const text = at === -1 ? '' : bytes.toString('latin1', at + mark.length, at + mark.length + 1024);
  const value = text.slice(0, text.indexOf('"'));
  return value.startsWith('/') ? value : undefined;
}
