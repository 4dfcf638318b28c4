import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where checks run: a folder of their own, which goes away with it, and counts of what came out. */
export class Lab {
  /** In lower case: podman makes a name of it. */
  readonly folder = join(tmpdir(), `osless-others-${process.pid}`);
  readonly #ending: (() => void)[] = [];
  #commands: string[] = [];
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  constructor() {
    mkdirSync(this.folder, { mode: 0o700 });
  }

  /** A path in the folder. */
  path = (...names: string[]): string => join(this.folder, ...names);

  /** Runs a command and gives its standard output; it is printed with the check that it belongs to. */
  run(argv: readonly string[], { input, env = {} }: { input?: Buffer; env?: Record<string, string> } = {}): Buffer {
    const [program = '', ...args] = argv;
    const shown = program === process.execPath ? ['osless', ...args.slice(1)] : argv;
    this.#commands.push(shown.map(quoted).join(' '));
    const options = { input, env: { ...process.env, ...env }, maxBuffer: 1 << 30, timeout: 300_000 };
    const { status, stdout, stderr, error } = spawnSync(program, args, options);
    if (status === 0) return stdout;
    const reason = error?.message ?? stderr.toString().trim().split('\n').slice(-3).join(' | ');
    throw new Error(`${program} ended with ${status}: ${reason}`);
  }

  /** Notes a command that was run by other means. */
  note(command: string): void {
    this.#commands.push(command);
  }

  /** Runs one check: it holds when `check` returns, and does not when it throws. */
  async check(says: string, check: () => void | Promise<void>): Promise<void> {
    this.#commands = [];
    try {
      await check();
      this.#passed++;
      this.#print('holds', says);
    } catch (error) {
      this.#failed++;
      this.#print('FAILS', says);
      for (const line of String(error instanceof Error ? error.message : error).split('\n'))
        console.log(`      ${line}`);
    }
  }

  /** Says that a check could not be made. */
  skip(says: string, reason: string): void {
    this.#skipped++;
    this.#commands = [];
    this.#print('skips', `${says}: ${reason}`);
  }

  /** Whether a program can be started here. */
  has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

  /** Is done at the end, the last one first. */
  atEnd(act: () => void): void {
    this.#ending.unshift(act);
  }

  /** Cleans up, prints the counts and tells whether all held. */
  end(): boolean {
    for (const act of this.#ending) act();
    rmSync(this.folder, { recursive: true, force: true });
    console.log(`\n${this.#passed} checks hold, ${this.#failed} fail, ${this.#skipped} were skipped`);
    return this.#failed === 0;
  }

  #print(verdict: string, says: string): void {
    console.log(`${verdict} ${says}`);
    for (const command of this.#commands) console.log(`      $ ${command.replaceAll(this.folder, '.')}`);
  }
}

const quoted = (word: string): string => (/^[\w./:=,@+{}-]+$/.test(word) ? word : `'${word}'`);

/** Throws what is different, the first few lines of it. */
export function expectSame(ours: unknown, theirs: unknown, what: string): void {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  if (a !== b) throw new Error(`${what}: we have ${a?.slice(0, 300)}, they have ${b?.slice(0, 300)}`);
}
