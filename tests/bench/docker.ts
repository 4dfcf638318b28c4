import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export interface Daemon {
  /** For DOCKER_HOST. */
  readonly host: string;
  end(): Promise<void>;
}

/** A docker daemon of our own below `folder`, without networks; undefined when docker is not installed. */
export async function startDocker(folder: string): Promise<Daemon | undefined> {
  if (spawnSync('dockerd', ['--version']).status !== 0) return undefined;
  const host = `unix://${folder}/docker.sock`;
  const log = openSync(`${folder}/dockerd.log`, 'w');
  const places = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '-p', `${folder}/docker.pid`];
  const child = spawn('dockerd', [...places, '-H', host, '--bridge', 'none', '--iptables=false'], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  for (let tries = 0; tries < 120 && child.exitCode === null; tries++) {
    if (spawnSync('docker', ['-H', host, 'version']).status === 0) return { host, end };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  await end();
  throw new Error(`dockerd did not start; see ${folder}/dockerd.log`);
}
