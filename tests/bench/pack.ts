// How long `osless pack` takes, warm, the whole process, beside `docker build` (its daemon already running) and
// `buildah bud` of a Dockerfile that copies the same files FROM scratch. usage: pack [ROUNDS] [PROGRAM…]
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { alternate, report } from './clock.ts';
import { startDocker } from './docker.ts';

const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const [rounds = '15', ...programs] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'osless-bench-'));

/** A Dockerfile beside the files that pack chose, as somebody would write it by hand. */
function makeContext(program: string, context: string): void {
  const packed = execFileSync(process.execPath, [cli, 'pack', '--dry-run', '--json', program], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const { files, program: path } = JSON.parse(packed) as { program: string; files: { path: string }[] };
  for (const file of files) {
    const target = join(context, 'root', file.path);
    mkdirSync(dirname(target), { recursive: true });
    const status = lstatSync(file.path, { throwIfNoEntry: false });
    if (status?.isDirectory()) mkdirSync(target, { recursive: true });
    else if (status?.isSymbolicLink()) symlinkSync(readlinkSync(file.path), target);
    else if (status?.isFile()) copyFileSync(file.path, target);
  }
  writeFileSync(join(context, 'Dockerfile'), `FROM scratch\nCOPY root/ /\nENTRYPOINT ["${path}"]\n`);
}

const docker = await startDocker(folder);
const hasBuildah = spawnSync('buildah', ['--version']).status === 0;
try {
  for (const program of programs.length === 0 ? ['nginx', 'curl', 'git'] : programs) {
    const context = join(folder, `${program}-context`);
    mkdirSync(context);
    makeContext(program, context);
    const stores = join(folder, 'buildah');
    const commands = {
      'osless pack': [process.execPath, cli, '--store', join(folder, 'store'), 'pack', program, '-t', 'bench'],
      ...(docker
        ? { 'docker build': ['docker', '-H', docker.host, 'build', '--no-cache', '-q', '-t', 'bench', context] }
        : {}),
      ...(hasBuildah
        ? {
            'buildah bud': [
              'buildah',
              '--root',
              stores,
              '--runroot',
              `${stores}-run`,
              'bud',
              '--no-cache',
              '-q',
              '-t',
              'bench',
              context,
            ],
          }
        : {}),
    };
    console.log(`\n== ${program}`);
    const before = (name: string) => {
      if (name === 'osless pack') rmSync(join(folder, 'store'), { recursive: true, force: true });
    };
    report(alternate(commands, { rounds: Number(rounds), before }), { beside: 'osless pack' });
  }
} finally {
  await docker?.end();
  rmSync(folder, { recursive: true, force: true });
}
