import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** The command line that scripts/test.mjs has built. */
export const cliPath = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array | string;
  /** Whether standard output is a pipe that nobody reads any more. */
  readonly stdoutClosed?: boolean;
}

/** Runs `osless ARGS` to its end. */
export function osless(
  args: readonly string[],
  { cwd, env = {}, input = '', stdoutClosed = false }: Surroundings = {},
): Ended {
  const argv = [process.execPath, cliPath, ...args];
  // The shell hands over a pipe whose reader has ended before anything is written.
  const closed = ['sh', '-c', 'exec 3>&1; { sleep 0.3; "$@" 3>&-; echo $? >&3; } | :', 'sh', ...argv];
  const [program = '', ...rest] = stdoutClosed ? closed : argv;
  const ended = spawnSync(program, rest, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...plainEnvironment, ...env },
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  const code = stdoutClosed ? Number(ended.stdout) : ended.status;
  return { code, stdout: ended.stdout, stderr: ended.stderr };
}

/** Starts `osless ARGS` and leaves it running; its standard streams are pipes. */
export const startOsless = (args: readonly string[], { cwd, env = {} }: Surroundings = {}) =>
  spawn(process.execPath, [cliPath, ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...plainEnvironment, ...env },
  });

const plainEnvironment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };

/** A directory that is gone when the test ends. */
export function temporaryFolder(context: Pick<TestContext, 'after'>): string {
  const folder = mkdtempSync(join(tmpdir(), 'osless-e2e-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
