import { baseName } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

/** Where interpreters of the common distributions keep what comes with the language. */
const places: readonly { readonly interpreter: RegExp; readonly folder: string; readonly child: RegExp }[] = [
  { interpreter: /^perl[\d.]*$/, folder: '/etc', child: /^perl$/ },
  { interpreter: /^perl[\d.]*$/, folder: '/usr/share/perl', child: /^5\.[\d.]+$/ },
  { interpreter: /^perl[\d.]*$/, folder: '/usr/lib', child: /^perl5?$/ },
  { interpreter: /^python3[\d.]*$/, folder: '/usr/lib', child: /^python3\.\d+$/ },
  { interpreter: /^(tclsh|wish|expect)[\d.]*$/, folder: '/usr/lib', child: /^tcltk$/ },
  { interpreter: /^(tclsh|wish|expect)[\d.]*$/, folder: '/usr/share', child: /^tcltk$/ },
  { interpreter: /^ruby[\d.]*$/, folder: '/usr/lib', child: /^ruby$/ },
  { interpreter: /^ruby[\d.]*$/, folder: '/var/lib', child: /^gems$/ },
  { interpreter: /^ruby[\d.]*$/, folder: '/usr/share', child: /^(rubygems-integration|ruby)$/ },
  { interpreter: /^php[\d.]*$/, folder: '/usr/lib', child: /^php$/ },
  { interpreter: /^php[\d.]*$/, folder: '/etc', child: /^php$/ },
  { interpreter: /^python3[\d.]*$/, folder: '/etc', child: /^python3\.\d+$/ },
];

/** For building, testing and teaching, and tables of the largest alphabets. */
const rarely =
  /\/(CORE|test|tests|idlelib|lib2to3|turtledemo|tkinter|ensurepip|pydoc_data|distutils|dist-packages|config-[\w-]+|Pod|pod|perl5db\.pl|CPAN|TAP|Test2?|Module\/CoreList\w*|Unicode\/Collate|Encode\/(JP|KR|CN|TW|Unicode)|allkeys\.txt)(\/|\.pm|$)|\.(pod|h|a)$/;

/** An interpreter as the program brings its standard library: enough to start scripts; what they import comes later. */
export const standardLibraries: Rule = {
  name: 'standard-library',
  async wishesOf(subject, scene) {
    if ((await subject.elf()) === undefined) return [];
    const name = embedded(baseName(subject.path)) ?? (subject.isProgram ? baseName(subject.path) : '');
    const wishes: Wish[] = [];
    for (const { folder, child } of places.filter(({ interpreter }) => interpreter.test(name))) {
      for (const found of await scene.namesIn(folder)) if (child.test(found)) wishes.push(whole(`${folder}/${found}`));
    }
    return /^(perl|ruby)/.test(name) ? [...wishes, ...(await besideLibraries(name, scene))] : wishes;
  },
};

/** gdb and vim have python inside. */
const embedded = (name: string): string | undefined => /^lib(python3\.\d+)\.so/.exec(name)?.[1];

const whole = (path: string): Wish => ({
  path,
  level: 'likely',
  detail: "the interpreter's standard library",
  what: 'tree',
  without: rarely,
});

/** Debian keeps compiled modules beside the libraries of the machine. */
async function besideLibraries(name: string, scene: Scene): Promise<Wish[]> {
  const own = name.startsWith('perl') ? ['perl-base', 'perl'] : ['ruby'];
  return scene.libraryFolders().flatMap((folder) => own.map((child) => whole(`${folder}/${child}`)));
}
