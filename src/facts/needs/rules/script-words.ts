import type { Related } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';

/** Commands of a script's own package among its words: languages call them in more ways than can be told apart. */
export const scriptWords: Rule = {
  name: 'script-word',
  async wishesOf(subject, scene) {
    if (subject.role === 'helper' || (await subject.recognised()).kind !== 'script') return [];
    const related = await scene.relatedTo(subject.path);
    return related === undefined ? [] : wishesOf(await subject.text(), related);
  },
};

async function wishesOf(text: string, related: Related): Promise<Wish[]> {
  const commands = await related.commands();
  const wishes: Wish[] = [];
  const code = text.replace(/^\s*#.*$/gm, '').replace(/^=[a-z][\s\S]*?^=cut.*$/gm, '');
  for (const word of new Set(code.match(/[\w.+-]{2,}/g))) {
    const command = commands.get(word);
    const isClose = /^(own|sibling|kin)$/.test(command?.relation ?? '');
    if (command !== undefined && isClose)
      wishes.push({ path: command.path, level: 'likely', detail: `names ${word}`, role: 'program' });
  }
  return wishes;
}
