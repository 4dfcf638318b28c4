import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from './lab.ts';

/** The other tools, each with places of its own for all that it keeps. */
export interface Tools {
  readonly osless: (...args: string[]) => Buffer;
  readonly skopeo: (...args: string[]) => Buffer;
  readonly umoci: (...args: string[]) => Buffer;
  readonly podman: (...args: string[]) => Buffer;
  readonly buildah: (...args: string[]) => Buffer;
  readonly docker: (...args: string[]) => Buffer;
  /** Those that are there and work. */
  readonly there: ReadonlySet<string>;
}

export async function findTools(lab: Lab, cli: string): Promise<Tools> {
  const storage = (name: string) => [
    '--root',
    lab.path(name),
    '--runroot',
    lab.path(`${name}-run`),
    '--storage-driver',
    'vfs',
  ];
  const socket = `unix://${lab.path('docker.sock')}`;
  const there = new Set(['skopeo', 'umoci', 'podman', 'buildah'].filter(lab.has));
  if (process.getuid?.() !== 0) for (const name of ['podman', 'buildah', 'umoci']) there.delete(name);
  if (await startDocker(lab, socket)) there.add('docker');
  return {
    osless: (...args) => lab.run([process.execPath, cli, ...args], { env: { OSLESS_STORE: lab.path('store') } }),
    skopeo: (...args) => lab.run(['skopeo', '--insecure-policy', ...args]),
    umoci: (...args) => lab.run(['umoci', ...args]),
    podman: (...args) => lab.run(['podman', ...storage('podman'), ...args]),
    buildah: (...args) => lab.run(['buildah', ...storage('buildah'), ...args]),
    docker: (...args) => lab.run(['docker', '-H', socket, ...args]),
    there,
  };
}

/** A daemon with a socket and a place of its own, without network, ended with the lab. */
async function startDocker(lab: Lab, socket: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || !lab.has('dockerd') || !lab.has('docker')) return false;
  const places = [
    '--data-root',
    lab.path('docker'),
    '--exec-root',
    lab.path('docker-exec'),
    '--pidfile',
    lab.path('docker.pid'),
  ];
  const options = ['--host', socket, ...places, '--bridge=none', '--iptables=false', '--storage-driver=vfs'];
  const log = openSync(lab.path('docker.log'), 'w');
  const daemon = spawn('dockerd', options, { stdio: ['ignore', log, log] });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  let gone = false;
  daemon.once('exit', () => {
    gone = true;
  });
  lab.atEnd(() => void daemon.kill('SIGTERM'));
  process.once('exit', () => void daemon.kill('SIGTERM'));
  for (let tries = 0; tries < 60 && !gone && !existsSync(lab.path('docker.sock')); tries++) {
    await Promise.race([sleep(500), ended]);
  }
  return !gone && existsSync(lab.path('docker.sock'));
}
