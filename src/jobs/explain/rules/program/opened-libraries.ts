import { type Closure, closureOfLibrary, findLibrary } from '../../../../facts/loader/index.ts';
import { type Language, languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
import type { DlopenNote } from '../../../../formats/elf/index.ts';
import type { ImagePath } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import type { LateLibrary } from './late-lib-missing.ts';
import { missingVersions } from './late-versions.ts';
import { openedByScript } from './script-text.ts';

/** Libraries that an object of the process says it opens (uapi-group.org, "ELF dlopen metadata"). */
export async function missingByNote({ closure }: ProgramFacts): Promise<readonly LateLibrary[]> {
  const missing: LateLibrary[] = [];
  for (const { path, elf } of closure.objects) {
    for (const note of elf.notes.dlopen) {
      const [name] = note.sonames;
      if (name === undefined || note.priority === 'suggested' || (await hasAny(closure, note.sonames, path))) continue;
      missing.push(byNote(path, name, note));
    }
  }
  return missing;
}

const byNote = (path: ImagePath, name: string, { feature, priority }: DlopenNote): LateLibrary => ({
  name,
  by: path,
  says: `${path} opens ${name}${feature === undefined ? '' : ` for ${feature}`} (${priority}), and it is not there`,
  severity: priority === 'required' ? 'degrades' : 'notes',
});

async function hasAny(closure: Closure, names: readonly string[], by: ImagePath): Promise<boolean> {
  for (const name of names) if ((await findLibrary(closure, name, by)).found) return true;
  return false;
}

/** By a soname, or by its path: other names with `.so` are parts of names, or lists of modules that may be there. */
const libraryName = /^(lib[\w.+-]+\.so(\.\d+)*|\.{0,2}\/[\w./+-]+\.so(\.\d+)*)$/;
/** Loaders and libcs of other systems, which debuggers and linkers know. */
const systems = /(^|\/)(ld[-\w]*|libc|linux-(vdso|gate))\.so/;
/** Drivers of hardware, desktops, tracing, other allocators: programs use them where they are. */
const welcome = new RegExp(
  `p11-kit|(^|/)lib(${`cuda cudart cudnn cublas nvidia nvrtc nvcuvid nvml hip amdhip rocm ze_loader GL GLX EGL GLESv OpenCL vulkan
  drm gbm va vdpau X[A-Z\\d]\\w* xcb xkbcommon wayland asound pulse jack pipewire systemd udev dbus selinux apparmor audit
  numa ibverbs rdmacm mlx efa psm ucp sensors tcmalloc jemalloc mimalloc uring gssapi krb cap bpf unwind dw lttng tsan asan
  gtk gdk gnome secret notify pcsclite cmap dlm_lt crack cups avahi nss`
    .split(/\s+/)
    .join('|')})(?![a-z])`,
);
const mostNames = 8;
/** Strings of Go have no ends, and interpreters open what their scripts and configurations say. */
const compiled: ReadonlySet<Language> = new Set<Language>(['c', 'c++', 'rust']);

/** Libraries that a program which opens some names in its strings, and those that its script opens. */
export async function missingByName(scene: Scene, program: ProgramFacts): Promise<readonly LateLibrary[]> {
  const ofScript = await openedByScript(scene, program);
  const names = ofScript.names.length > 0 ? ofScript.names : await namedInProgram(program);
  const missing: LateLibrary[] = [];
  for (const name of names) {
    if (missing.some((other) => baseOf(other.name) === baseOf(name))) continue;
    const answer = await closureOfLibrary(program.closure, name);
    if (answer.library === undefined) missing.push(byName(ofScript.path ?? program.path, name, name));
    missing.push(...missingVersions(answer));
    for (const other of answer.library === undefined ? [] : answer.missing) {
      missing.push(byName(answer.library?.path ?? name, other.name, name));
    }
  }
  const found = await foundBases(program.closure, names);
  const absent = missing.filter(({ name }) => !found.has(baseOf(name)));
  return absent.map((library) => (isTried(library.name, names) ? { ...library, severity: 'notes' } : library));
}

async function namedInProgram(program: ProgramFacts): Promise<readonly string[]> {
  if (!compiled.has(await languageOf(program))) return [];
  const imports = await program.imports();
  if (!imports.has('dlopen') && !imports.has('dlmopen')) return [];
  const names = [...(await program.strings())].filter((text) => text.length < 200 && libraryName.test(text));
  const own = names.filter((name) => !systems.test(name));
  return own.length > mostNames ? [] : own;
}

const byName = (by: string, name: string, opened: string): LateLibrary => ({
  name,
  by,
  says:
    name === opened
      ? `${by} opens ${name}, which is not there`
      : `${by}, which the program opens, needs ${name}, which is not there`,
  severity: welcome.test(name) || welcome.test(opened) ? 'notes' : 'degrades',
});

/** `libfoo` of `libfoo.so.1`: of several releases that are tried, one is enough. */
const baseOf = (name: string): string => name.replace(/^.*\//, '').replace(/\.so[\d.]*$/, '');

/** Who has several names for a library is prepared for its absence. */
const isTried = (name: string, names: readonly string[]): boolean =>
  names.filter((other) => baseOf(other) === baseOf(name)).length > 1;

async function foundBases(closure: Closure, names: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of names) if ((await findLibrary(closure, name)).found) found.add(baseOf(name));
  return found;
}
