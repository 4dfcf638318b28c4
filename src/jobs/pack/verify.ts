import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findUser } from '../../facts/users/index.ts';
import { environmentOf } from '../../formats/runtime/index.ts';
import { Fault } from '../../kit/index.ts';
import { type FileTree, materialise } from '../../rootfs/index.ts';
import { type Container, capture, plainContainer } from '../../sandbox/index.ts';
import type { Chosen } from './choose.ts';
import type { Outcome, PackOptions, RunVerdict } from './types.ts';

/** How long a program may run, and how many bytes it may write to each stream, before it is ended. */
const limits = { timeoutMs: 30_000, limitBytes: 16 * 1024 * 1024 };

/** A root file system to run the program in. */
interface Root {
  readonly directory: string;
  readonly tree: FileTree;
}

/**
 * Runs the program with `args` in the tree that it comes from and in the packed one, and compares what it wrote and
 * how it ended. Where two runs in the full tree already differ, only the exit codes are compared.
 * @throws {Fault} RUNTIME_MISSING, SYSTEM, ABORTED
 */
export async function tryOut(chosen: Chosen, args: readonly string[], options: PackOptions): Promise<RunVerdict> {
  const { stateDir } = sandboxOf(options);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(stateDir, 'verify-'));
  try {
    const packed = { directory: join(folder, 'packed'), tree: chosen.packed };
    const full = { directory: chosen.source.directory ?? join(folder, 'full'), tree: chosen.source.tree };
    options.onProgress?.('unpacking the image');
    await materialise(packed.tree, packed.directory);
    if (chosen.source.directory === undefined) await materialise(full.tree, full.directory);
    const run = (root: Root) => runIn(root, { chosen, args, options });
    options.onProgress?.('running the program in both trees');
    const [there, here] = [await run(full), await run(packed)];
    const same = isSame(there, here) || (there.exitCode === here.exitCode && !isSame(there, await run(full)));
    return { args, same, full: there, packed: here };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Trial {
  readonly chosen: Chosen;
  readonly args: readonly string[];
  readonly options: PackOptions;
}

async function runIn({ directory, tree }: Root, { chosen, args, options }: Trial): Promise<Outcome> {
  const { stateDir, path } = sandboxOf(options);
  const { process, program, path: packedPath } = chosen;
  const user = await findUser(tree, process.user ?? '');
  if (!user.found) {
    throw new Fault('CONFIG_MALFORMED', `there is no ${user.what} ${user.name} to run the program as`, {
      hint: 'Choose another one with --user.',
    });
  }
  const change: Partial<Container> = {
    env: environmentOf(process, { hostname: 'verify', terminal: false, change: [] }),
    hostname: 'verify',
    cwd: process.workingDir ?? '/',
    home: user.home,
    user: { uid: user.uid, gid: user.gid, additionalGids: user.groups },
    // A program that the image has elsewhere is shown there in the full tree, too: it may print its path.
    binds: program === packedPath || directory !== chosen.source.directory ? [] : [bindOf(chosen)],
  };
  const container = plainContainer([...(process.entrypoint ?? []), ...args], change);
  const { exitCode, stdout, stderr } = await capture(
    { rootDirectory: directory, container },
    { ...limits, runsDir: join(stateDir, 'runs'), path, ...(options.signal && { signal: options.signal }) },
  );
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

const bindOf = ({ source, program, path }: Chosen): Container['binds'][number] => ({
  source: join(source.directory ?? '/', program),
  target: path,
  readOnly: true,
  propagation: 'rprivate',
});

const isSame = (a: Outcome, b: Outcome): boolean =>
  a.exitCode === b.exitCode && a.stdout === b.stdout && a.stderr === b.stderr;

function sandboxOf({ sandbox }: PackOptions): NonNullable<PackOptions['sandbox']> {
  if (sandbox !== undefined) return sandbox;
  throw new Fault('UNSUPPORTED', 'nothing was said of where programs can be run', { hint: 'Give `sandbox`.' });
}
