import { execFile, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDocker } from '../../bench/docker.ts';
import { type Case, token } from './case.ts';
import { stage } from './stage.ts';
import { runCase, type Truth } from './trial.ts';

const run = promisify(execFile);

/** Runs cases by docker itself, and tells where that shows something else than our runner; gives their number. */
export async function compareWithDocker(cases: readonly Case[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'osless-docker-'));
  const daemon = await startDocker(folder);
  if (daemon === undefined) throw new Error('docker is not installed');
  let differences = 0;
  try {
    for (const [index, made] of cases.entries()) differences += await compareOne(made, `d${index}`, daemon.host);
  } finally {
    await daemon.end();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`docker: ${cases.length} images, ${differences} where it shows something else than our runner`);
  return differences;
}

async function compareOne(made: Case, id: string, host: string): Promise<number> {
  const staged = await stage(made, id);
  try {
    const ours = await runCase(made, staged);
    const docker = await runByDocker(made, staged.layout, host, id);
    if (ours.starts === docker.starts) return 0;
    console.log(`\n${made.name}: our runner: ${ours.starts}, docker: ${docker.starts}`);
    console.log(`  runner: ${ours.shown.slice(0, 300)}\n  docker: ${docker.shown.slice(0, 300)}`);
    return 1;
  } finally {
    await staged.close();
  }
}

async function runByDocker(made: Case, layout: string, host: string, id: string): Promise<Truth> {
  const archive = `${layout}.docker.tar`;
  const name = `corpus:${id}`;
  try {
    await writeArchive(layout, archive, name);
    await run('docker', ['-H', host, 'load', '-q', '-i', archive]);
  } catch (error) {
    return { starts: false, shown: `engine:unpack: ${(error as { stderr?: string }).stderr}`, code: 125 };
  }
  const args = ['-H', host, 'run', '--rm', '--network', 'none', '--name', id, name];
  const seconds = made.service ? 4 : 20;
  const { status, stdout, stderr } = spawnSync('docker', args, {
    encoding: 'utf8',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    input: '',
  });
  spawnSync('docker', ['-H', host, 'rm', '-f', id]);
  spawnSync('docker', ['-H', host, 'rmi', '-f', name]);
  const shown = `${stdout}${stderr}`;
  return { starts: shown.includes(made.token ?? token), shown: `${status}:${shown}`, code: status ?? -1 };
}

/** The layout's image as `docker load` reads it. */
async function writeArchive(layout: string, archive: string, name: string): Promise<void> {
  const blob = (digest: string) => join(layout, 'blobs/sha256', digest.slice(7));
  const json = (file: string): Record<string, never> => JSON.parse(readFileSync(file, 'utf8'));
  const index = json(join(layout, 'index.json')) as unknown as { manifests: { digest: string }[] };
  const manifest = json(blob(index.manifests[0]?.digest ?? '')) as unknown as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  const folder = `${layout}.docker`;
  mkdirSync(folder, { recursive: true });
  linkSync(blob(manifest.config.digest), join(folder, 'config.json'));
  const layers = manifest.layers.map(({ digest }, at) => {
    linkSync(blob(digest), join(folder, `${at}.tar`));
    return `${at}.tar`;
  });
  const list = [{ Config: 'config.json', RepoTags: [name], Layers: layers }];
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(list));
  // tar ends with 1 when another run has linked to a blob meanwhile.
  await run('sh', ['-c', 'tar -C "$0" -cf "$1" . || test $? = 1', folder, archive]);
  rmSync(folder, { recursive: true });
}
