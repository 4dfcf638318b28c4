import { spawnSync } from 'node:child_process';

export type Commands = Readonly<Record<string, readonly string[]>>;

export interface AlternateOptions {
  readonly rounds: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called before each start, outside the measured time: to take away what the last one made. */
  readonly before?: (name: string) => void;
}

/** Milliseconds of whole processes, each command in turn so that all see the same machine; the first round is not counted. */
export function alternate(commands: Commands, { rounds, env = {}, before }: AlternateOptions): Map<string, number[]> {
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  for (const [name, argv] of Object.entries(commands)) console.log(`${name}: ${argv.map(quoted).join(' ')}`);
  for (let round = 0; round <= rounds; round++) {
    for (const [name, argv] of Object.entries(commands)) {
      before?.(name);
      const time = timeOf(argv, env);
      if (round > 0) times.get(name)?.push(time);
    }
  }
  return times;
}

function timeOf([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): number {
  const start = process.hrtime.bigint();
  const ended = spawnSync(program, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (ended.status === 0) return milliseconds;
  throw new Error(`${[program, ...args].join(' ')} ended with ${ended.status}: ${ended.stderr}`);
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

/** Prints medians with their range, and how many times as long as `beside` each took. */
export function report(times: ReadonlyMap<string, readonly number[]>, { beside }: { readonly beside: string }): void {
  const base = median(times.get(beside) ?? []);
  for (const [name, values] of times) {
    const range = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
    const ratio = (median(values) / base).toFixed(2);
    console.log(
      `${name}: median ${median(values).toFixed(1)} ms of ${values.length} (${range}); ${ratio} of ${beside}`,
    );
  }
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
