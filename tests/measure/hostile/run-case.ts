import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFault } from '../../../src/kit/index.ts';
import { caseNames, cases } from './cases.ts';
import { randomOf } from './random.ts';

export interface Outcome {
  readonly index: number;
  readonly name: string;
  /** `good`, the code of a Fault, or `failed`. */
  readonly result: string;
  /** What is wrong, for `failed`. */
  readonly problem: string | undefined;
  /** Of the processor: a busy machine says nothing of the case. */
  readonly ms: number;
}

const elsewhere = ['/tmp/escaped', '/escaped', '/tmp/escaped/x'];

/** A directory for cases with a canary beside it: files that no case has a right to touch. */
export function prepareWork(work: string): void {
  // Of a process that was killed.
  rmSync(join(work, 'case'), { recursive: true, force: true });
  const canary = join(work, 'canary');
  mkdirSync(join(canary, 'inside'), { recursive: true });
  writeFileSync(join(canary, 'file'), 'untouched');
  writeFileSync(join(canary, 'inside/file'), 'untouched');
}

export interface RunOptions {
  /** What {@link prepareWork} has made. */
  readonly work: string;
  /** Default: all. */
  readonly kinds?: readonly string[];
  /** Called between the making of the input and its use. */
  readonly onReady?: () => void;
}

/** Case `index` of a seed; which kind it is follows from the index alone. Everything it may do is undone after it. */
export async function runCase(
  seed: number,
  index: number,
  { work, kinds = caseNames, onReady = () => {} }: RunOptions,
): Promise<Outcome> {
  const name = kinds[index % kinds.length] ?? '';
  const dir = join(work, 'case');
  const canary = join(work, 'canary');
  mkdirSync(dir, { recursive: true });
  const before = snapshot(work);
  const random = randomOf(seed * 1_000_003 + index);
  let started = process.cpuUsage();
  const ready = () => {
    onReady();
    started = process.cpuUsage();
  };
  let result = 'good';
  let problem: string | undefined;
  try {
    await cases[name]?.(random, { dir, canary, ready });
  } catch (error) {
    result = isFault(error) ? error.code : 'failed';
    if (!isFault(error)) problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1000;
  const changed = differenceOf(before, snapshot(work));
  if (changed !== undefined) [result, problem] = ['failed', `written outside: ${changed}`];
  if (leftOver(dir)) [result, problem] = ['failed', 'a failed case left a part of its tree'];
  rmSync(dir, { recursive: true, force: true });
  return { index, name, result, problem, ms };
}

/** A tree that could not be written whole shall leave nothing; what is whole stands in `target`. */
const leftOver = (dir: string): boolean => readdirSync(dir).some((name) => name.startsWith('target.new-'));

/** All beside the case's own directory: kinds, sizes, modes, links, contents. */
function snapshot(work: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const waiting = readdirSync(work).filter((name) => name !== 'case');
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = join(work, name);
    const { mode, size, nlink, uid } = lstatSync(path);
    const isDirectory = (mode & 0o170000) === 0o040000;
    found.set(
      path,
      `${mode} ${isDirectory ? '' : size} ${nlink} ${uid} ${isDirectory ? '' : readFileSync(path, 'latin1')}`,
    );
    if (isDirectory) waiting.push(...readdirSync(path).map((child) => `${name}/${child}`));
  }
  for (const path of elsewhere) if (existsSync(path)) found.set(path, 'there');
  return found;
}

function differenceOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string | undefined {
  for (const [path, state] of after) if (before.get(path) !== state) return path;
  for (const path of before.keys()) if (!after.has(path)) return path;
  return undefined;
}
