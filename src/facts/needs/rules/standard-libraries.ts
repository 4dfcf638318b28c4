import { baseName } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

/** Where interpreters of the common distributions keep what comes with the language. */
const places: readonly { readonly interpreter: RegExp; readonly folder: string; readonly child: RegExp }[] = [
  { interpreter: /^perl[\d.]*$/, folder: '/etc', child: /^perl$/ },
  { interpreter: /^perl[\d.]*$/, folder: '/usr/share/perl', child: /^5\.[\d.]+$/ },
  { interpreter: /^perl[\d.]*$/, folder: '/usr/lib', child: /^perl5?$/ },
  { interpreter: /^python3[\d.]*$/, folder: '/usr/lib', child: /^python3\.\d+$/ },
  { interpreter: /^python3[\d.]*$/, folder: '/etc', child: /^python3\.\d+$/ },
];

/** For building, testing and teaching, and tables of the largest alphabets. */
const rarely =
  /\/(CORE|test|tests|idlelib|lib2to3|turtledemo|tkinter|ensurepip|pydoc_data|distutils|dist-packages|config-[\w-]+|Pod|pod|perl5db\.pl|CPAN|TAP|Test2?|Module\/CoreList\w*|Unicode\/Collate|Encode\/(JP|KR|CN|TW|Unicode)|allkeys\.txt)(\/|\.pm|$)|\.(pod|h|a)$/;

/** An interpreter as the program brings its standard library: enough to start scripts; what they import comes later. */
export const standardLibraries: Rule = {
  name: 'standard-library',
  async wishesOf(subject, scene) {
    if (!subject.isProgram || (await subject.elf()) === undefined) return [];
    const name = baseName(subject.path);
    const wishes: Wish[] = [];
    for (const { folder, child } of places.filter(({ interpreter }) => interpreter.test(name))) {
      for (const found of await scene.namesIn(folder)) if (child.test(found)) wishes.push(whole(`${folder}/${found}`));
    }
    return /^perl/.test(name) ? [...wishes, ...(await perlOfMachine(scene))] : wishes;
  },
};

const whole = (path: string): Wish => ({
  path,
  level: 'likely',
  detail: "the interpreter's standard library",
  what: 'tree',
  without: rarely,
});

/** Debian's perl keeps compiled modules beside the libraries of the machine. */
async function perlOfMachine(scene: Scene): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const folder of scene.libraryFolders()) {
    if ((await scene.findDirectory(`${folder}/perl-base`)) === undefined) continue;
    wishes.push(whole(`${folder}/perl-base`), whole(`${folder}/perl`));
  }
  return wishes;
}
