import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/content/index.ts';
import { appendLayer, emptyImage, layerOf, listImages, openImage, saveImage, validate } from '../src/image/index.ts';
import { isFault } from '../src/kit/index.ts';

const platform = { os: 'linux', architecture: 'amd64' };

if (process.argv[2] === 'writer') await write(process.argv[3] ?? '');
else await suite();

async function suite(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'osless-kill-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  describe('the local store, with several processes that write and remove', () => {
    it('stays whole when they are killed at any moment', async () => {
      const directory = join(root, 'killed');
      const writers = Array.from({ length: 4 }, () => start(directory));
      for (let kill = 0; kill < 40; kill++) {
        await sleep(Math.random() * 120);
        const at = kill % writers.length;
        await end(writers[at], 'SIGKILL');
        writers[at] = start(directory);
      }
      await Promise.all(writers.map((writer) => end(writer, 'SIGKILL')));
      await assertWhole(directory);
    });

    it('loses nothing that one of them has named while others remove what is unused', async () => {
      const directory = join(root, 'ended');
      const writers = Array.from({ length: 4 }, () => start(directory));
      await sleep(2000);
      assert.deepEqual(await Promise.all(writers.map((writer) => end(writer, 'SIGTERM'))), [0, 0, 0, 0]);
      await assertWhole(directory);
    });
  });
}

function start(directory: string): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(import.meta.url), 'writer', directory], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<number | null> {
  assert.ok(child);
  assert.ok(child.exitCode === null || child.exitCode === 0, 'a writer failed');
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return exit;
}

/** Every name leads to a whole image, no blob is other than its name, and the next writer leaves nothing over. */
async function assertWhole(directory: string): Promise<void> {
  const store = await openStore(directory);
  for (const { name, problem } of await listImages(store)) {
    assert.equal(problem, undefined, name);
    assert.deepEqual(await validate(await openImage(name, { store })), [], name);
  }
  const blobs = join(directory, 'blobs/sha256');
  for (const hex of readdirSync(blobs)) {
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(blobs, hex)))
        .digest('hex'),
      hex,
    );
  }
  await store.removeUnused();
  assert.deepEqual(readdirSync(join(directory, 'osless')), []);
  const reached = new Set<string>();
  for (const { name } of await store.names()) {
    const { digest, manifest } = await openImage(name, { store });
    for (const each of [digest, ...[manifest.value.config, ...manifest.value.layers].map((it) => it.digest)]) {
      reached.add(each.slice('sha256:'.length));
    }
  }
  assert.deepEqual(readdirSync(blobs).sort(), [...reached].sort());
}

/** Makes, names and removes images of few different layers, so that others often have the same, until it is ended. */
async function write(directory: string): Promise<void> {
  let ended = false;
  process.once('SIGTERM', () => {
    ended = true;
  });
  while (!ended) {
    const store = await openStore(directory);
    const name = `image-${pick(4)}`;
    const act = pick(6);
    if (act < 4) await nameOne(directory, name);
    else if (act === 4) await store.removeName(`docker.io/library/${name}:latest`);
    else await store.removeUnused();
    // The store works synchronously: on a disk in memory nothing else would let the signal be heard.
    await sleep(0);
  }
}

async function nameOne(directory: string, name: string): Promise<void> {
  const store = await openStore(directory);
  let image = emptyImage(platform);
  for (const size of [pick(3) * 1000, 1_500_000 + pick(3)])
    image = appendLayer(image, await layerOf(store, layer(size)));
  await saveImage(image, name, { store });
  if (pick(4) > 0) return;
  try {
    const copy = await openImage(`image-${pick(4)}`, { store });
    await saveImage(copy, `image-${pick(4)}`, { store });
  } catch (error) {
    // Another one may have taken the name away, or what it led to.
    if (!isFault(error, 'IMAGE_NOT_FOUND') && !isFault(error, 'BLOB_NOT_FOUND') && !isFault(error, 'FILE_NOT_FOUND'))
      throw error;
  }
}

async function* layer(size: number) {
  for (let at = 0; at < size; at += 100_000) yield Buffer.alloc(Math.min(100_000, size - at), size % 251);
}

function pick(limit: number): number {
  return Math.floor(Math.random() * limit);
}
