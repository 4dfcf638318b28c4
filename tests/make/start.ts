import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Cause, type StartVerdict, startOf } from '../../src/facts/start/index.ts';
import { emptyProcessConfig, type ProcessConfig } from '../../src/formats/oci/index.ts';
import { literalTree } from '../../src/rootfs/index.ts';
import { elf } from './elf.ts';
import { executable, glibcFiles, glibcProgram, type MadeFiles } from './scene.ts';

/** A glibc system with the programs that many starts go through. */
export const system: MadeFiles = {
  ...glibcFiles(),
  '/app': glibcProgram(),
  '/usr/local/bin/tool': glibcProgram(),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/srv:/bin/sh\n',
  '/etc/group': 'root:x:0:\nweb:x:33:\n',
  '/srv/': {},
  '/tmp/': { mode: 0o1777 },
  ...Object.fromEntries(
    'sh dash bash env cat dirname id mkdir nice timeout tini gosu setpriv python3.11 perl ruby node php'
      .split(' ')
      .map((name) => [`/usr/bin/${name}`, glibcProgram()]),
  ),
  '/bin': { linkTarget: 'usr/bin' },
  '/usr/bin/python3': { linkTarget: 'python3.11' },
  '/usr/bin/sh': { linkTarget: 'dash' },
};

export interface StartCase {
  /** Beside or instead of those of {@link system}. */
  readonly files?: MadeFiles;
  readonly config?: Partial<ProcessConfig>;
  readonly missing?: readonly string[];
  readonly subject?: string;
}

/** What becomes of a command line in {@link system}. */
export const startIn = (argv: readonly string[], { files = {}, config = {} }: StartCase = {}): Promise<StartVerdict> =>
  startOf(
    literalTree({ ...system, ...files }),
    { ...emptyProcessConfig, cmd: argv, ...config },
    { platform: { os: 'linux', architecture: 'amd64' } },
  );

/** One line of a table: this command does not start, for this cause. */
export function stops(cause: Cause, argv: readonly string[], about: StartCase = {}): void {
  it(`says ${cause} of ${nameOf(argv, about)}`, async () => {
    const verdict = await startIn(argv, about);
    assert.deepEqual([verdict.starts, verdict.cause], ['no', cause], verdict.says);
    if (about.missing !== undefined) assert.deepEqual(verdict.missing, about.missing);
    if (about.subject !== undefined) assert.equal(verdict.subject, about.subject);
  });
}

/** One line of a table: this command starts, and the chain ends with this file; `late` goes wrong then. */
export function starts(
  argv: readonly string[],
  about: StartCase & { readonly last?: string; readonly late?: readonly Cause[] } = {},
): void {
  it(`follows ${nameOf(argv, about)}`, async () => {
    const verdict = await startIn(argv, about);
    assert.deepEqual([verdict.starts, verdict.cause], ['yes', null], verdict.says);
    if (about.last !== undefined) assert.equal(verdict.chain.at(-1)?.path, about.last);
    assert.deepEqual(
      verdict.late.map(({ cause }) => cause),
      about.late ?? [],
    );
  });
}

const nameOf = (argv: readonly string[], { config = {}, files = {} }: StartCase): string =>
  JSON.stringify(argv) +
  (Object.keys(config).length + Object.keys(files).length === 0
    ? ''
    : ` with ${shorten({ config, files: Object.keys(files) })}`);

const shorten = (value: unknown): string => JSON.stringify(value).slice(0, 160);

export const script = (text: string) => executable(text);
export const foreignProgram = executable(elf({ architecture: 'arm64' }));
