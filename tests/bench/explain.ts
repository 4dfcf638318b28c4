/**
 * How long `osless explain` takes, and how much memory, beside `gzip -dc | sha256sum` of the same layers, on one core
 * and on two: the promise is 1.3 times on one core, less on two, and 300 MiB for 2.5 GB; for a small image 1.5 times
 * `node -e 0` and that together. usage: explain [MEGABYTES [TEXT-FILES [ROUNDS]]]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './clock.ts';
import { makeBenchImage } from './explain-image.ts';

const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const [megabytes = '300', texts, rounds = '3'] = process.argv.slice(2);

interface Run {
  readonly milliseconds: number;
  /** Of the process itself, not of those that it starts. */
  readonly peakBytes: number;
  readonly status: number | null;
}

/** Runs a program to its end and looks again and again how much memory it had at most. */
function run([program = '', ...args]: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakBytes = 0;
  const look = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 5);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      clearInterval(look);
      resolve({ milliseconds: performance.now() - started, peakBytes, status });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function compare(name: string, prefix: readonly string[], image: { place: string; layers: readonly string[] }) {
  const commands = {
    'node -e 0': [process.execPath, '-e', '0'],
    'gzip -dc | sha256sum': ['sh', '-c', 'for layer do gzip -dc "$layer" | sha256sum; done', '-', ...image.layers],
    'osless explain': [process.execPath, cli, 'explain', image.place],
  };
  const runs = new Map<string, Run[]>(Object.keys(commands).map((key) => [key, []]));
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [key, argv] of Object.entries(commands)) {
      const ended = await run([...prefix, ...argv]);
      if (ended.status !== 0) throw new Error(`${argv.join(' ')} ended with ${ended.status}`);
      if (round > 0) runs.get(key)?.push(ended);
    }
  }
  console.log(`\n${name}, median of ${rounds}:`);
  const times = new Map([...runs].map(([key, list]) => [key, median(list.map(({ milliseconds }) => milliseconds))]));
  for (const [key, list] of runs) {
    const peak = Math.max(...list.map(({ peakBytes }) => peakBytes)) / 2 ** 20;
    console.log(
      `  ${key.padEnd(22)} ${(times.get(key) ?? 0).toFixed(0).padStart(7)} ms  ${peak.toFixed(0).padStart(4)} MiB at most`,
    );
  }
  const [node = 0, beside = 0, own = 0] = times.values();
  console.log(
    `  ratio to gzip -dc | sha256sum: ${(own / beside).toFixed(2)}; with node -e 0 added: ${(own / (beside + node)).toFixed(2)}`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'osless-bench-'));
try {
  const image = await makeBenchImage(folder, {
    megabytes: Number(megabytes),
    texts: texts === undefined ? undefined : Number(texts),
  });
  console.log(`${image.place}: ${(image.sizeBytes / 1e6).toFixed(0)} MB in ${image.files} entries`);
  await compare('one core', ['taskset', '-c', '0'], image);
  if (availableParallelism() > 1) await compare('two cores', ['taskset', '-c', '0,1'], image);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
