import { withoutPod } from '../pod.ts';
import type { Related } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const deepestName = 60;
const smallBytes = 256 * 1024;

/**
 * Commands of a script's own package among its words, and those that stand where tcl, perl, python and ruby start
 * programs: languages call them in more ways than can be told apart.
 */
export const scriptWords: Rule = {
  name: 'script-word',
  async wishesOf(subject, scene) {
    if (subject.role === 'helper' || (await subject.recognised()).kind !== 'script') return [];
    const code = withoutComments(await subject.text());
    const related = await scene.relatedTo(subject.path);
    const wishes = related === undefined ? [] : await ownCommands(code, related, scene);
    wishes.push(...(await settings(code, scene)));
    return subject.depth === 0 ? [...wishes, ...(await started(code, scene))] : wishes;
  },
};

const withoutComments = (text: string): string => withoutPod(text.replace(/^[ \t]*#.*$/gm, ''));

async function ownCommands(code: string, related: Related, scene: Scene): Promise<Wish[]> {
  const commands = await related.commands();
  const wishes: Wish[] = [];
  for (const word of new Set(code.match(/[\w.+-]{2,}/g))) {
    const path = commands.get(word)?.path ?? (await throughLink(word, scene));
    const relation = path === undefined ? undefined : await related.relationTo(path);
    if (path === undefined || !/^(own|sibling|kin)$/.test(relation ?? '')) continue;
    wishes.push({
      path: commands.get(word)?.path ?? `/usr/bin/${word}`,
      level: 'likely',
      detail: `names ${word}`,
      role: 'program',
    });
  }
  return wishes;
}

/** A command that update-alternatives made: its record has the name behind the link. */
async function throughLink(word: string, scene: Scene) {
  if (word.length > deepestName || !/^[a-z]/.test(word)) return undefined;
  const found = await scene.findFile(`/usr/bin/${word}`);
  return found !== undefined && found.links.length > 0 ? found.path : undefined;
}

/** Files of /etc that it names: small, and read by whoever names them. */
async function settings(code: string, scene: Scene): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const path of new Set(code.match(/(?<![\w./])\/etc\/[\w./+-]*\w/g))) {
    const found = await scene.findFile(path);
    if (found !== undefined && found.node.sizeBytes <= smallBytes)
      wishes.push({ path, level: 'likely', detail: 'named in it', role: 'file' });
  }
  return wishes;
}

/** `spawn telnet host`, `system("tput cols")`, `exec(['git', …])`, `` `uname -a` ``. */
async function started(code: string, scene: Scene): Promise<Wish[]> {
  const names = new Set<string>();
  for (const [, name = ''] of code.matchAll(
    /\b(?:spawn|exec|system|popen|run|call|check_output|Popen)[\s("'[]+([a-z][\w.+-]*|\/[\w.+/-]+)/g,
  ))
    names.add(name);
  for (const [, name = ''] of code.matchAll(/(?:`|qx[{(/])\s*([a-z][\w.+-]*)\b/g)) names.add(name);
  const wishes: Wish[] = [];
  for (const name of names) {
    const path = name.startsWith('/') ? name : await scene.findCommand(name);
    if (path !== undefined) wishes.push({ path, level: 'likely', detail: `starts ${name}`, role: 'program' });
  }
  return wishes;
}
