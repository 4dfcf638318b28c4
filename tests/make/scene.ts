import type { OsFacts } from '../../src/facts/os/index.ts';
import { programsOf, type Survey, surveyOf } from '../../src/facts/programs/index.ts';
import { startOf } from '../../src/facts/start/index.ts';
import type { GoBuildInfo } from '../../src/formats/elf/index.ts';
import { emptyProcessConfig, type Platform, type ProcessConfig } from '../../src/formats/oci/index.ts';
import type { Found, Rule, Scene, Severity } from '../../src/jobs/explain/rule.ts';
import { type FileTree, type LiteralNode, literalTree } from '../../src/rootfs/index.ts';
import { type ElfParts, elf } from './elf.ts';

export type MadeFiles = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

export interface SceneParts {
  readonly files?: MadeFiles;
  /** Instead of `files`. */
  readonly tree?: FileTree;
  /** Default: the entrypoint `/app`, as root. */
  readonly config?: Partial<ProcessConfig>;
  readonly platform?: Platform;
  readonly os?: Partial<OsFacts>;
  /** What Go's build info of the last program says; none of it where that is the file's own. */
  readonly go?: Partial<GoBuildInfo>;
}

export interface MadeProgram extends ElfParts {
  /** Functions that it wants of libraries. */
  readonly imports?: readonly string[];
}

/** A file that may be executed. */
export const executable = (content: string | Uint8Array): LiteralNode => ({ content, mode: 0o755 });

/** A program without libraries. */
export const staticProgram = (parts: MadeProgram = {}): LiteralNode => executable(elf(withImports(parts)));

/** A program for the loader of {@link glibcFiles}. */
export const glibcProgram = (parts: MadeProgram = {}): LiteralNode =>
  staticProgram({ interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libc.so.6'], ...parts });

/** A program for the loader of {@link muslFiles}. */
export const muslProgram = (parts: MadeProgram = {}): LiteralNode =>
  staticProgram({ interpreter: '/lib/ld-musl-x86_64.so.1', needs: ['libc.musl-x86_64.so.1'], ...parts });

export const sharedLibrary = (soname: string, parts: MadeProgram = {}): Uint8Array =>
  elf(withImports({ soname, ...parts }));

/** A loader and a libc of a glibc up to `release`, 2.36 by default. */
export const glibcFiles = (release = 36): MadeFiles => ({
  '/lib64/ld-linux-x86-64.so.2': executable(elf({ soname: 'ld-linux-x86-64.so.2' })),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': sharedLibrary('libc.so.6', {
    versionsDefined: Array.from({ length: release - 1 }, (_, at) => `GLIBC_2.${at + 2}`),
    strings: [`GNU C Library (Debian GLIBC 2.${release}) stable release version 2.${release}.`],
  }),
});

export const muslFiles: MadeFiles = {
  '/lib/ld-musl-x86_64.so.1': executable(elf({ soname: 'libc.musl-x86_64.so.1', strings: ['musl libc', '1.2.4'] })),
  '/lib/libc.musl-x86_64.so.1': { linkTarget: 'ld-musl-x86_64.so.1' },
};

/** Everything that rules may ask, of a tree of a few files. */
export async function makeScene(parts: SceneParts = {}): Promise<Scene> {
  const { files = {}, tree = literalTree(files), platform = { os: 'linux', architecture: 'amd64' } } = parts;
  const config = { ...emptyProcessConfig, entrypoint: ['/app'], ...parts.config };
  const verdict = await startOf(tree, config, { platform });
  const programs = await programsOf(tree, verdict);
  const last = programs.at(-1);
  const program = last && parts.go !== undefined ? { ...last, go: async () => ({ ...noGo, ...parts.go }) } : last;
  let survey: Promise<Survey> | undefined;
  return {
    tree,
    config,
    env: envOf(config),
    platform,
    verdict,
    os: { ...noOs, ...parts.os },
    programs: program === undefined ? programs : [...programs.slice(0, -1), program],
    program,
    survey: () => {
      survey ??= surveyOf(tree);
      return survey;
    },
  };
}

const noOs: OsFacts = {
  present: false,
  distro: undefined,
  name: undefined,
  libc: undefined,
  shell: undefined,
  shells: [],
  packageManager: undefined,
  packageCount: undefined,
  init: undefined,
  commands: undefined,
  signs: [],
};

const noGo: GoBuildInfo = {
  goVersion: 'go1.26.0',
  path: undefined,
  module: undefined,
  dependencies: [],
  settings: new Map(),
};

const withImports = ({ imports = [], ...parts }: MadeProgram): ElfParts =>
  imports.length === 0
    ? parts
    : { ...parts, symbols: [...(parts.symbols ?? []), ...imports.map((name) => ({ name, defined: false }))] };

const dockersPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const envOf = ({ env }: ProcessConfig): Map<string, string> =>
  new Map([
    ['PATH', dockersPath],
    ...env.map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  ]);

/** What a rule says of such a scene, each with its severity. */
export async function judgedBy(rule: Rule, parts: SceneParts): Promise<readonly (Found & { severity: Severity })[]> {
  const found = await rule.judge(await makeScene(parts));
  return found.map((each) => ({ severity: rule.severity, ...each }));
}
