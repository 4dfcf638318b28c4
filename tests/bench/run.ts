// How long `osless run` takes with a program that does nothing, beside what it cannot do without (Node's own start and
// a bare runc with the same config.json) and beside `docker run` (its daemon already running). usage: run [ROUNDS]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeSpec } from '../../src/formats/runtime/index.ts';
import { hostFacts, plainContainer } from '../../src/sandbox/index.ts';
import { makeRoot, whyNoContainers } from '../make/container.ts';
import { alternate, median, report } from './clock.ts';
import { startDocker } from './docker.ts';

const cli = process.env['OSLESS_CLI'] ?? 'dist/cli/main.js';
const reason = whyNoContainers('runc');
if (reason !== false) throw new Error(reason);
const folder = mkdtempSync(join(tmpdir(), 'osless-bench-'));
const root = makeRoot();
const docker = await startDocker(folder);
try {
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle);
  cpSync(root, join(bundle, 'rootfs'), { recursive: true, verbatimSymlinks: true });
  const container = plainContainer(['/bin/true']);
  writeFileSync(
    join(bundle, 'config.json'),
    JSON.stringify(runtimeSpec({ ...container, rootPath: 'rootfs' }, hostFacts())),
  );
  const osless = [process.execPath, cli, '--store', join(folder, 'store'), 'run', `rootfs:${root}`, '/bin/true'];
  const commands = {
    'node -e 0': [process.execPath, '-e', '0'],
    'bare runc': ['runc', '--root', join(folder, 'state'), 'run', '--bundle', bundle, container.id],
    'osless run': osless,
    'osless run --runtime namespaces': osless.toSpliced(5, 0, '--runtime', 'namespaces'),
    ...(docker === undefined ? {} : { 'docker run': ['docker', '-H', docker.host, ...dockerRun(docker.host)] }),
  };
  const times = alternate(commands, { rounds: Number(process.argv[2] ?? 15) });
  report(times, { beside: 'osless run' });
  const floor = median(times.get('node -e 0') ?? []) + median(times.get('bare runc') ?? []);
  const ratio = median(times.get('osless run') ?? []) / floor;
  console.log(`osless run takes ${ratio.toFixed(2)} of node -e 0 and bare runc together`);
} finally {
  await docker?.end();
  for (const path of [folder, root]) rmSync(path, { recursive: true, force: true });
}

/** Gives the daemon the same files as an image. */
function dockerRun(host: string): string[] {
  const line = `tar -C '${root}' -c . | docker -H '${host}' import - osless-bench`;
  const { status, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return ['run', '--rm', '--network', 'none', 'osless-bench', '/bin/true'];
}
