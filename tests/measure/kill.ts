/**
 * Kills `osless pack`, `load`, `tag` and `rmi` at random moments, two at a time on one store, and looks each time whether
 * the store is whole: nothing lost that was there, nothing shown that is half-written, nothing left over for good.
 * `npm run measure -- kill [--times 200] [--seed N] [--program PATH]`. The seed fixes commands and delays; what the
 * system makes of the delays differs from run to run.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openStore } from '../../src/content/index.ts';
import { listImages, openImage, validate } from '../../src/image/index.ts';
import { randomOf } from './hostile/random.ts';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    program: {
      type: 'string',
      default: ['/usr/bin/curl', '/usr/bin/git', '/bin/ls'].find((path) => existsSync(path)) ?? '/bin/sh',
    },
  },
});
const times = Number(values.times);
const random = randomOf(Number(values.seed));
const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const root = mkdtempSync(join(tmpdir(), 'osless-kill-'));
const directory = join(root, 'store');
const archive = join(root, 'image.tar');
const problems: string[] = [];

interface Command {
  readonly args: readonly string[];
  /** Names that it may give, take or move; all others must stay what they are. */
  readonly touches: readonly string[];
  /** How long it takes when nobody kills it. */
  readonly durationMs: number;
}

try {
  await measure();
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  console.log(`seed ${values.seed}, ${times} kills, program ${values.program}`);
  osless(['pack', values.program, '-t', 'kept:1']);
  osless(['pack', process.execPath, '-t', 'loaded:1']);
  osless(['save', '-o', archive, 'loaded:1']);
  osless(['rmi', 'loaded:1']);
  const load = timed(['load', '-i', archive], ['loaded:1']);
  const commands = [
    load,
    load,
    timed(['pack', values.program, '-t', 'packed:1', '-e', 'A=1'], ['packed:1']),
    timed(['pack', '/bin/ls', '-t', 'packed:2'], ['packed:2']),
    timed(['tag', 'kept:1', 'tagged:1'], ['tagged:1']),
    timed(['rmi', 'loaded:1', 'tagged:1'], ['loaded:1', 'tagged:1']),
    timed(['rmi', 'packed:1'], ['packed:1']),
  ];
  const kills = new Map<string, number>();
  let landed = 0;
  while (landed < times && problems.length === 0) {
    const before = await digests();
    const pair = [random.pick(commands), random.pick(commands)];
    for (const { command, killed } of await Promise.all(pair.map(runAndKill))) {
      if (!killed) continue;
      landed++;
      kills.set(command, (kills.get(command) ?? 0) + 1);
    }
    await expectWhole(before, new Set(pair.flatMap(({ touches }) => touches)));
  }
  for (const [command, count] of kills) console.log(`  ${String(count).padStart(4)} × osless ${command}`);
  await expectNothingLeft();
  for (const problem of problems) console.log(`PROBLEM: ${problem}`);
  console.log(`${landed} kills: ${problems.length === 0 ? 'the store stayed whole' : 'the store is broken'}`);
  if (problems.length > 0) process.exitCode = 1;
}

function osless(args: readonly string[]) {
  const run = spawnSync(process.execPath, [cli, '--store', directory, ...args], { encoding: 'utf8' });
  if (run.status !== 0 && args[0] !== 'rmi') throw new Error(`osless ${args.join(' ')}: ${run.status}\n${run.stderr}`);
  return run;
}

function timed(args: readonly string[], touches: readonly string[]): Command {
  const start = performance.now();
  osless(args);
  return { args, touches, durationMs: performance.now() - start };
}

async function runAndKill({ args, durationMs }: Command): Promise<{ command: string; killed: boolean }> {
  const child = spawn(process.execPath, [cli, '--store', directory, ...args], { stdio: 'ignore' });
  const exit = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  await Promise.race([exit, sleep(durationMs * (0.2 + random.int(1000) / 1000))]);
  child.kill('SIGKILL');
  return { command: args.slice(0, 2).join(' '), killed: (await exit) === 'SIGKILL' };
}

async function digests(): Promise<ReadonlyMap<string, string>> {
  const listed = await listImages(await openStore(directory));
  return new Map(listed.map(({ familiarName, digest }) => [familiarName, digest]));
}

/** What was there and was not touched is there; all that has a name is whole. */
async function expectWhole(before: ReadonlyMap<string, string>, touched: ReadonlySet<string>): Promise<void> {
  const now = await digests();
  for (const [name, digest] of before) {
    if (!touched.has(name) && now.get(name) !== digest) problems.push(`${name} was ${digest}, and is ${now.get(name)}`);
  }
  const store = await openStore(directory);
  for (const { familiarName, problem } of await listImages(store)) {
    if (problem !== undefined) problems.push(`${familiarName}: ${problem.message}`);
    else
      for (const { says } of await validate(await openImage(familiarName, { store })))
        problems.push(`${familiarName}: ${says}`);
  }
}

/** After one more command that removes, there are the blobs of the named images, each as its name says, and no more. */
async function expectNothingLeft(): Promise<void> {
  osless(['tag', 'kept:1', 'last:1']);
  osless(['rmi', 'last:1']);
  const blobs = join(directory, 'blobs/sha256');
  for (const hex of readdirSync(blobs)) {
    const is = createHash('sha256')
      .update(readFileSync(join(blobs, hex)))
      .digest('hex');
    if (is !== hex) problems.push(`the blob ${hex} has other content than its name says`);
  }
  for (const name of readdirSync(join(directory, 'osless'))) problems.push(`osless/${name} was left over`);
  const store = await openStore(directory);
  const { blobs: unused } = await store.removeUnused();
  if (unused > 0) problems.push(`${unused} blobs were left over`);
}
