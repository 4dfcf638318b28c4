import { type ImagePath, parentPath, readAt } from '../../../kit/index.ts';
import { resolve } from '../../../rootfs/index.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem, problem } from '../verdict.ts';
import { hasEntry } from './jar.ts';
import { incomplete, isDirectory, isFile, missingScript, namesIn, openScript } from './script-file.ts';

const withValue = new Set(
  `-cp -classpath --class-path -p --module-path --add-modules --add-exports --add-opens --add-reads --limit-modules
  --upgrade-module-path --patch-module --source --describe-module -d --enable-native-access`.split(/\s+/),
);
const instead =
  /^(-version|--version|-fullversion|-help|--help|-\?|-h|-X|--list-modules|-showversion|--dry-run|--describe-module|-d)$/;

interface CommandLine {
  readonly jar: string | undefined;
  readonly className: string | undefined;
  readonly classPath: string | undefined;
  readonly isOther: boolean;
}

/** What the java launcher does: it looks for its machine, and then for a jar or a class. */
export async function followJava(setting: Setting, started: Process): Promise<Problem | undefined> {
  const broken = await machineProblem(setting, started);
  if (broken !== undefined) return broken;
  const { jar, className, classPath, isOther } = commandLine(started.argv.slice(1));
  if (isOther) return undefined;
  if (jar !== undefined) return jarProblem(setting, started, jar);
  if (className === undefined) return undefined;
  if (className.endsWith('.java')) {
    const opened = await openScript(setting, started, className);
    return isProblem(opened) ? opened : undefined;
  }
  const path = classPath ?? (variableOf(setting.env, 'CLASSPATH') || '.');
  return (await hasClass(setting, path, className)) ? undefined : missingScript(started, className);
}

function commandLine(words: readonly string[]): CommandLine {
  let classPath: string | undefined;
  const nothing = { jar: undefined, className: undefined, isOther: true };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (instead.test(word) || word.startsWith('@')) return { ...nothing, classPath };
    if (/^(-m|--module)(=|$)/.test(word)) return { ...nothing, classPath };
    if (word === '-jar') return { ...nothing, classPath, jar: words[at + 1] ?? '', isOther: false };
    if (!word.startsWith('-')) return { ...nothing, classPath, className: word, isOther: false };
    if (/^(-cp|-classpath|--class-path)$/.test(word)) classPath = words[at + 1];
    if (word.startsWith('--class-path=')) classPath = word.slice('--class-path='.length);
    if (withValue.has(word)) at++;
  }
  return { ...nothing, classPath };
}

/** The files of a runtime in the order in which the launcher asks for them; Java 8 had them elsewhere. */
async function machineProblem(setting: Setting, started: Process): Promise<Problem | undefined> {
  const home = parentPath(parentPath(started.command.path));
  if ((await isDirectory(setting, `${home}/jre`)) || (await hasOldLayout(setting, home))) return undefined;
  const wanted: readonly (readonly [string, string])[] = [
    ['lib/libjava.so', 'its core library'],
    ['lib/jvm.cfg', 'the list of its machines'],
  ];
  for (const [file, what] of wanted)
    if (!(await isFile(setting, `${home}/${file}`))) return incomplete(started, `${home}/${file}`, what);
  const kinds = ['server', 'client', 'minimal', 'zero', 'default', 'j9vm'].map(
    (kind) => `${home}/lib/${kind}/libjvm.so`,
  );
  const there = await Promise.all(kinds.map((path) => isFile(setting, path)));
  if (!there.includes(true)) return incomplete(started, `${home}/lib/server/libjvm.so`, 'its virtual machine');
  for (const name of ['libjimage.so', 'libzip.so']) {
    if (!(await isFile(setting, `${home}/lib/${name}`)))
      return incomplete(started, `${home}/lib/${name}`, 'one of its libraries');
  }
  const hasModules =
    (await isFile(setting, `${home}/lib/modules`)) || (await isDirectory(setting, `${home}/modules/java.base`));
  return hasModules ? undefined : incomplete(started, `${home}/lib/modules`, 'its classes');
}

async function hasOldLayout(setting: Setting, home: ImagePath): Promise<boolean> {
  return (
    (await isFile(setting, `${home}/lib/rt.jar`)) ||
    (await isDirectory(setting, `${home}/lib/amd64`)) ||
    isDirectory(setting, `${home}/lib/aarch64`)
  );
}

async function jarProblem(setting: Setting, started: Process, name: string): Promise<Problem | undefined> {
  const opened = await openScript(setting, started, name);
  if (isProblem(opened)) return opened;
  const magic = Buffer.from(await readAt(opened.node.content, 0, 2)).toString('latin1');
  if (opened.node.kind === 'file' && magic === 'PK') return undefined;
  return problem('program-missing', `${opened.path}, which java is to run, is no Java archive`, {
    missing: [name],
    subject: started.command.path,
  });
}

/** Whether some element of a class path has the class, or may have it. */
async function hasClass(setting: Setting, classPath: string, className: string): Promise<boolean> {
  const file = `${className.replaceAll('.', '/')}.class`;
  for (const element of classPath.split(':')) {
    const folder = element === '' ? '.' : element;
    if (folder.endsWith('*')) {
      const jars = (await namesIn(setting, folder.slice(0, -1) || '.')).filter((name) => /\.jar$/i.test(name));
      for (const jar of jars) if (await jarHas(setting, `${folder.slice(0, -1)}${jar}`, file)) return true;
    } else if ((await isFile(setting, `${folder}/${file}`)) || (await jarHas(setting, folder, file))) return true;
  }
  // Classes of the runtime itself can be started, too.
  return /^(java|javax|jdk|sun|com\.sun)\./.test(className);
}

async function jarHas({ tree, cwd, as }: Setting, path: string, file: string): Promise<boolean> {
  const found = await resolve(tree, path, { cwd, as });
  if (!found.found || found.node.kind !== 'file') return false;
  return (await hasEntry(found.node, file)) !== false;
}
