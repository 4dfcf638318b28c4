import { damageOf, type Elf, parseElf } from '../../formats/elf/index.ts';
import { baseName, type ImagePath, imagePath, isFault } from '../../kit/index.ts';
import { type FileNode, mayExecute, resolve, walk } from '../../rootfs/index.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { type Problem, problem } from './verdict.ts';

/** As much of a tree as is searched for a loader that is not where it should be. */
const walkLimit = 500_000;
const loaderNames = /^(ld-linux.*|ld64|ld|ld-\d[\d.]*|ld-musl-.*|ld-uClibc.*)\.so(\.\d+)?$/;

/** Why the kernel cannot use PT_INTERP of a program. */
export async function loaderProblem(setting: Setting, command: Command, elf: Elf): Promise<Problem | undefined> {
  const name = elf.interpreter ?? '';
  const about = { missing: [name], subject: command.path };
  const found = await resolve(setting.tree, name, { cwd: setting.cwd, as: setting.as });
  if (!found.found && found.problem === 'denied') {
    return problem('loader-not-executable', `the user ${setting.as.uid} may not search ${found.at}`, about);
  }
  if (!found.found) return missingLoader(setting, command, elf);
  if (found.node.kind !== 'file') return invalid(command, found.path, `it is a ${found.node.kind}`);
  if (!mayExecute(found.node, setting.as)) {
    return problem(
      'loader-not-executable',
      `the user ${setting.as.uid} may not execute the loader ${found.path}`,
      about,
    );
  }
  const loader = await loaderAt(found.node);
  if (typeof loader === 'string') return invalid(command, found.path, loader);
  if (loader.machine !== elf.machine || loader.class !== elf.class) {
    return invalid(command, found.path, `it is for ${loader.machineName}`);
  }
  const damage = damageOf(loader, found.node.sizeBytes);
  return damage === undefined ? undefined : invalid(command, found.path, `it ${damage}`);
}

const invalid = ({ path }: Command, loader: ImagePath, why: string): Problem =>
  problem('loader-invalid', `the loader ${loader} of ${path} cannot be used: ${why}`, {
    missing: [loader],
    subject: path,
  });

/** The loader's headers, or what it is instead. */
async function loaderAt({ content, sizeBytes }: FileNode): Promise<Elf | string> {
  if (sizeBytes === 0) return 'it is empty';
  try {
    return (await parseElf(content)) ?? 'it is not an ELF file';
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return 'it is damaged';
  }
}

async function missingLoader(setting: Setting, { path }: Command, elf: Elf): Promise<Problem> {
  const name = elf.interpreter ?? '';
  const others = await loadersIn(setting, elf);
  const familyOf = (loader: string): string => (baseName(imagePath(loader)).startsWith('ld-musl-') ? 'musl' : 'glibc');
  const same = others.find((other) => familyOf(other) === familyOf(name));
  const says = `the loader ${name} of ${path} is not in the image`;
  const about = { missing: [name], subject: path };
  if (same !== undefined) return { ...problem('loader-elsewhere', `${says}, but ${same} is`, about), there: same };
  const [other] = others;
  if (other === undefined) return problem('loader-missing', says, about);
  const mismatch = `${path} is for ${familyOf(name)}, and the image has ${familyOf(other)} (${other})`;
  return { ...problem('libc-mismatch', mismatch, about), there: other };
}

/** Loaders of the program's machine, wherever they lie; those of the system before those of trees within the tree. */
async function loadersIn(setting: Setting, elf: Elf): Promise<ImagePath[]> {
  const loaders: ImagePath[] = [];
  let left = walkLimit;
  for await (const { path, node } of walk(setting.tree)) {
    if (left-- === 0) break;
    if (node.kind !== 'file' || !loaderNames.test(baseName(path))) continue;
    const loader = await loaderAt(node);
    if (typeof loader !== 'string' && loader.machineName === elf.machineName) loaders.push(path);
  }
  const depthOf = (path: ImagePath): number => path.split('/').length;
  return loaders.sort((a, b) => depthOf(a) - depthOf(b));
}
