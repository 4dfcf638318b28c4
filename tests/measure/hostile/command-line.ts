import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { materialise } from '../../../src/rootfs/index.ts';
import { hostileDockerArchive, hostileLayout, hostileOciArchive } from './images.ts';
import { cpuMsOf, type Judged, limits } from './parent.ts';
import { randomOf } from './random.ts';
import { hostileRoot } from './trees.ts';

interface Settings {
  readonly seed: number;
  readonly count: number;
  readonly dir: string;
  /** The built command line. */
  readonly cli: string;
}

/** Gives a share of the cases to the command as users have it: it must not end with 70, a signal or a stack. */
export async function runCommandLine(settings: Settings): Promise<Judged[]> {
  if (!existsSync(settings.cli)) throw new Error(`${settings.cli} is not there: npm run build makes it`);
  const judged: Judged[] = [];
  for (let index = 0; index < settings.count; index++) judged.push(await runOne(settings, index));
  return judged;
}

async function runOne({ seed, dir, cli }: Settings, index: number): Promise<Judged> {
  const work = join(dir, 'command-line');
  mkdirSync(work, { recursive: true });
  const store = ['--store', join(work, 'store')];
  const args = await argumentsFor(index, seed, work);
  const ended = await runCommand([`--max-old-space-size=${limits.heapMebibytes}`, resolve(cli), ...args, ...store]);
  rmSync(work, { recursive: true, force: true });
  return { index, name: `osless ${args[0]}`, ...ended };
}

async function argumentsFor(index: number, seed: number, work: string): Promise<string[]> {
  const random = randomOf(seed * 7 + index);
  const canary = join(work, 'canary');
  const file = join(work, 'archive.tar');
  switch (index % 3) {
    case 0:
      writeFileSync(file, await (random.chance(0.5) ? hostileDockerArchive : hostileOciArchive)(random, canary));
      return ['load', '--input', file];
    case 1:
      for (const [name, content] of await hostileLayout(random, canary)) {
        const path = join(work, 'layout', name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
      return ['copy', `oci:${join(work, 'layout')}`, `docker-archive:${join(work, 'copied.tar')}:made:1`];
    default:
      await materialise(hostileRoot(random), join(work, 'root'));
      return ['pack', '--from', `rootfs:${join(work, 'root')}`, random.pick(['/usr/bin/app', 'script']), '-t', 'made'];
  }
}

function runCommand(args: readonly string[]): Promise<Pick<Judged, 'result' | 'problem' | 'ms' | 'memoryBytes'>> {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  let memoryBytes = 0;
  let ms = 0;
  const watch = setInterval(() => {
    memoryBytes = Math.max(memoryBytes, peakOf(child.pid));
    ms = Math.max(ms, cpuMsOf(child.pid));
    if (ms > limits.caseMs) child.kill('SIGKILL');
  }, 20);
  const timer = setTimeout(() => child.kill('SIGKILL'), limits.wallMs);
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-3000);
  });
  return new Promise((done) => {
    child.on('close', (code, signal) => {
      clearInterval(watch);
      clearTimeout(timer);
      const isGood = code !== null && code <= 3 && memoryBytes <= limits.memoryBytes;
      const problem = isGood
        ? undefined
        : `${args.slice(2).join(' ')}: exit ${code ?? signal}, ${memoryBytes} bytes\n${errors}`;
      done({ result: `exit ${code ?? signal}`, problem, ms, memoryBytes });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
