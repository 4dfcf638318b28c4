import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { memoryStore } from '../../../src/content/index.ts';
import { closureOf, closureOfLibrary } from '../../../src/facts/loader/index.ts';
import { needsOf } from '../../../src/facts/needs/index.ts';
import { packagesOf } from '../../../src/facts/packages/index.ts';
import { decompress } from '../../../src/formats/compress/index.ts';
import { damageOf, findStrings, goBuildInfo, parseElf, readSymbols } from '../../../src/formats/elf/index.ts';
import {
  formatImageConfig,
  formatIndex,
  formatManifest,
  parseImageConfig,
  parseIndex,
  parseManifest,
  parseReference,
} from '../../../src/formats/oci/index.ts';
import { recogniseProgram } from '../../../src/formats/program/index.ts';
import { readTar } from '../../../src/formats/tar/index.ts';
import { openImage, validate } from '../../../src/image/index.ts';
import { bytesSource, imagePath, isFault } from '../../../src/kit/index.ts';
import { materialise, readFile, treeOf, walk } from '../../../src/rootfs/index.ts';
import { bombLayout, bombRoot, bombStream } from './bombs.ts';
import { explainDamagedFiles, explainPlace } from './explained.ts';
import { hostileDockerArchive, hostileLayout, hostileOciArchive } from './images.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import type { Random } from './random.ts';
import { makeLayerTar, mutateTar } from './tars.ts';
import { hostileElf, hostileRoot } from './trees.ts';

/** Where a case may write, and what it must leave alone. */
export interface Place {
  /** Empty at the beginning. */
  readonly dir: string;
  readonly canary: string;
  /** To be called when the input is made: time and memory count from then on. */
  readonly ready: () => void;
}

type Case = (random: Random, place: Place) => Promise<void>;

/** What users reach, each with an input that means harm. A case ends well, or with a Fault. */
export const cases: Readonly<Record<string, Case>> = {
  elf: async (random) => {
    const bytes = hostileElf(random);
    const source = bytesSource(bytes);
    recogniseProgram(bytes.subarray(0, random.int(600)));
    const elf = await parseElf(source);
    if (elf === undefined) return;
    damageOf(elf, bytes.length);
    await goBuildInfo(source, elf);
    await findStrings(source, elf);
    await readSymbols(source, elf);
  },
  program: async (random) => {
    const head = random.pick([
      '#!/bin/sh -e\n',
      'PK\x03\x04',
      '\x7fELF',
      '\xca\xfe\xba\xbe',
      '#! /usr/bin/env x',
      '\xff\xfe#',
    ]);
    recogniseProgram(mutateBytes(Buffer.from(head.padEnd(300, random.pick([' ', 'x', '\0'])), 'latin1'), random));
  },
  tar: async (random, { canary }) => {
    const tar = mutateTar(await makeLayerTar(random, canary), random, canary);
    const bytes = bytesSource(tar).open();
    for await (const entry of readTar(bytes)) if (random.chance(0.8)) await drain(entry.body);
  },
  compressed: async (random, { canary }) => {
    const files = await hostileLayout(random, canary);
    const content = Buffer.concat([...files.values()]);
    for (const bytes of [...files.values(), content])
      await drain(decompress(bytesSource(mutateBytes(bytes, random)).open()));
  },
  documents: async (random, { canary }) => {
    const layout = [...(await hostileLayout(random, canary))];
    for (const [, content] of layout) {
      const document = asJson(content);
      const raw = document === undefined ? content : mutateJson(document, random, canary);
      for (const read of documentReaders) allowFaults(() => read(raw));
    }
    allowFaults(() => parseReference(mutateBytes(reference, random).toString('latin1')));
  },
  layout: async (random, place) => {
    const layout = join(place.dir, 'layout');
    for (const [name, content] of await hostileLayout(random, place.canary)) writeInto(join(layout, name), content);
    if (random.chance(0.1)) replaceFile(layout, random, place);
    await openAndUse(`oci:${layout}`, place);
  },
  'oci-archive': async (random, place) => {
    const file = join(place.dir, 'archive.tar');
    writeInto(file, await hostileOciArchive(random, place.canary));
    await openAndUse(`oci-archive:${file}`, place);
  },
  'docker-archive': async (random, place) => {
    const file = join(place.dir, 'archive.tar');
    writeInto(file, await hostileDockerArchive(random, place.canary));
    await openAndUse(random.chance(0.5) ? `docker-archive:${file}` : file, place);
  },
  'explain-files': async (random, { dir, ready }) => explainDamagedFiles(random, dir, ready),
  'explain-layout': async (random, { dir, canary }) => {
    const layout = join(dir, 'layout');
    for (const [name, content] of await hostileLayout(random, canary)) writeInto(join(layout, name), content);
    await explainPlace(`oci:${layout}`);
  },
  closure: async (random) => {
    const tree = hostileRoot(random);
    const closure = await closureOf(tree, imagePath('/usr/bin/app'), {
      env: ['LD_LIBRARY_PATH=/opt/$LIB:::/x', 'LD_PRELOAD=libb.so.1 /none'],
    });
    await closureOfLibrary(closure, 'libopt.so');
    await closureOfLibrary(closure, '/usr/lib/app/plugins/one.so', imagePath('/usr/bin/app'));
  },
  needs: async (random) => {
    const tree = hostileRoot(random);
    const program = random.pick(['/usr/bin/app', '/usr/bin/script', '/bin/tool']);
    await needsOf(tree, imagePath(program), { keep: 'possible', user: 'app', args: ['/etc/app.conf'] });
  },
  packages: async (random) => {
    const tree = hostileRoot(random);
    const database = await packagesOf(tree);
    await database?.ownerOf(imagePath('/usr/bin/app'));
    await database?.builtFrom('src-app');
    for (const found of (await database?.all()) ?? []) await database?.filesOf(found);
  },
  'bomb-layout': async (random, place) => {
    const layout = join(place.dir, 'layout');
    for (const [name, content] of bombLayout(random)) writeInto(join(layout, name), content);
    place.ready();
    await openAndUse(`oci:${layout}`, place);
  },
  'bomb-stream': async (random, { ready }) => {
    const bytes = bombStream(random);
    ready();
    await drain(decompress(bytesSource(bytes).open()));
  },
  'bomb-needs': async (random, { ready }) => {
    const tree = bombRoot(random);
    ready();
    await closureOf(tree, imagePath('/usr/bin/app'), { env: ['LD_PRELOAD=a.so b.so'] }).catch(passFaults);
    await needsOf(tree, imagePath('/usr/bin/app'), { keep: 'possible', user: 'app' });
  },
};

export const caseNames: readonly string[] = Object.keys(cases);

const reference = Buffer.from('registry.example:5000/team/app:1.0@sha256:0123456789abcdef');

const documentReaders: readonly ((raw: Buffer) => unknown)[] = [
  (raw) => formatIndex(parseIndex(raw).value, raw),
  (raw) => formatManifest(parseManifest(raw).value, raw),
  (raw) => {
    const config = parseImageConfig(raw);
    return formatImageConfig({ ...config.value, author: 'someone else' }, config);
  },
];

const passFaults = (error: unknown): void => {
  if (!isFault(error)) throw error;
};

/** For several inputs in one case. */
function allowFaults(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    passFaults(error);
  }
}

/** Opens an image and does with it what a user could ask for. */
async function openAndUse(from: string, { dir }: Place): Promise<void> {
  const image = await openImage(from, { store: memoryStore() });
  await validate(image);
  const spool = join(dir, 'spool');
  mkdirSync(spool);
  const tree = await treeOf(image, { spool, mostEntries: 100_000 });
  try {
    for await (const { path, node } of walk(tree)) {
      if (node.kind === 'file' && node.sizeBytes < 1 << 20) await readFile(tree, path, 1 << 20);
    }
    await materialise(tree, join(dir, 'target'), { devices: 'skip' });
  } finally {
    tree.close();
  }
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    // How much may come out is the caller's to bound.
    if (size > 64 << 20) return;
  }
}

function writeInto(file: string, content: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Something that is no regular file in the place of one. */
function replaceFile(layout: string, random: Random, { canary }: Place): void {
  const files = readdirSync(layout, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const entry = random.pick(files.sort((a, b) => (a.name < b.name ? -1 : 1)));
  const path = join(entry.parentPath, entry.name);
  rmSync(path);
  const targets = [join(canary, 'file'), path, '/dev/zero', '/proc/self/mem', 'nowhere'];
  if (random.chance(0.7)) symlinkSync(random.pick(targets), path);
  else mkdirSync(path);
}

function asJson(content: Buffer): unknown {
  // What is nested very deep can be parsed but not written again.
  if (/[[{]{500}|(\{"a":){500}/.test(content.toString())) return undefined;
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}
