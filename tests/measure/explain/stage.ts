import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Base, baseOf } from './bases.ts';
import { workDir } from './cache.ts';
import type { Case } from './case.ts';
import { Root } from './root.ts';

const run = promisify(execFile);

/** An image that lies ready as a layout, and a way to its files. */
export interface Stage {
  readonly folder: string;
  /** An OCI image layout with one image, tagged `case`. */
  readonly layout: string;
  /** Mounts the image's files, writable, without changing the image; gives the directory. */
  mount(): Promise<string>;
  close(): Promise<void>;
}

/** Makes the image of a case: its base's layer, and one more with the changes where there are any. */
export async function stage(made: Case, id: string): Promise<Stage> {
  const base = await baseOf(made.base);
  const folder = join(workDir(), id);
  const [upper, merged, layout] = ['upper', 'merged', 'layout'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const dir of [upper, merged, layout]) mkdirSync(dir, { recursive: true });
  const mounts: string[] = [];
  const close = async () => {
    for (const point of mounts) await run('umount', [point]).catch(() => run('umount', ['-l', point]));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await overlay({ lower: [base.dir], upper, merged });
    const root = new Root(merged);
    try {
      for (const change of made.change ?? []) await change(root);
    } finally {
      await run('umount', [merged]);
    }
    await writeLayout(made, { base, upper, layout, removed: root.removed });
    made.spoil?.(layout);
    const mount = async () => {
      const runRoot = join(folder, 'root');
      await overlay({ lower: [upper, base.dir], upper: join(folder, 'written'), merged: runRoot });
      mounts.push(runRoot);
      return runRoot;
    };
    return { folder, layout, mount, close };
  } catch (error) {
    await close();
    throw new Error(`${made.name} cannot be made`, { cause: error });
  }
}

async function overlay(dirs: { lower: readonly string[]; upper: string; merged: string }): Promise<void> {
  const work = `${dirs.upper}.work`;
  for (const dir of [dirs.upper, dirs.merged, work]) mkdirSync(dir, { recursive: true });
  const options = `lowerdir=${dirs.lower.join(':')},upperdir=${dirs.upper},workdir=${work},redirect_dir=off,metacopy=off`;
  await run('mount', ['-t', 'overlay', '-o', options, 'overlay', dirs.merged]);
}

interface Parts {
  readonly base: Base;
  readonly upper: string;
  readonly layout: string;
  readonly removed: ReadonlySet<string>;
}

async function writeLayout(made: Case, { base, upper, layout, removed }: Parts): Promise<void> {
  const blobs = join(layout, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  linkSync(base.layer, join(blobs, base.digest.slice(7)));
  const layers = [{ digest: base.digest, size: base.sizeBytes }];
  if ((made.change ?? []).length > 0) {
    const layer = join(layout, 'layer.tar');
    await writeLayer({ upper, base: base.dir }, layer, removed);
    const bytes = readFileSync(layer);
    const digest = sha256(bytes);
    renameSync(layer, join(blobs, digest.slice(7)));
    layers.push({ digest, size: bytes.length });
  }
  const put = (document: object) => {
    const bytes = Buffer.from(JSON.stringify(document));
    writeFileSync(join(blobs, sha256(bytes).slice(7)), bytes);
    return { digest: sha256(bytes), size: bytes.length };
  };
  const oci = 'application/vnd.oci.image';
  const { os = 'linux', architecture = 'amd64' } = made;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
  const config = put({
    created: '1970-01-01T00:00:00Z',
    os,
    architecture,
    config: made.config,
    rootfs,
    history: layers.map(() => ({ created_by: 'corpus' })),
  });
  const manifest = put({
    schemaVersion: 2,
    mediaType: `${oci}.manifest.v1+json`,
    config: { mediaType: `${oci}.config.v1+json`, ...config },
    layers: layers.map((layer) => ({ mediaType: `${oci}.layer.v1.tar`, ...layer })),
  });
  const annotations = { 'org.opencontainers.image.ref.name': 'case' };
  const manifests = [
    { mediaType: `${oci}.manifest.v1+json`, ...manifest, platform: { os, architecture }, annotations },
  ];
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: `${oci}.index.v1+json`, manifests }),
  );
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** The upper directory of an overlay as a layer: what overlayfs marks as gone becomes whiteouts. */
async function writeLayer(
  { upper, base }: { upper: string; base: string },
  file: string,
  removed: ReadonlySet<string>,
): Promise<void> {
  const marks = `${upper}.marks`;
  const gone: string[] = [];
  mkdirSync(marks, { recursive: true });
  const mark = (path: string) => {
    mkdirSync(dirname(join(marks, path)), { recursive: true });
    writeFileSync(join(marks, path), '');
  };
  const visit = (path: string): void => {
    for (const name of readdirSync(join(upper, path))) {
      const each = join(path, name);
      const stats = lstatSync(join(upper, each));
      if (stats.isCharacterDevice() && stats.rdev === 0) {
        gone.push(each);
        mark(join(path, `.wh.${name}`));
      } else if (stats.isDirectory()) {
        if (removed.has(`/${each}`) && lstatSync(join(base, each), { throwIfNoEntry: false })?.isDirectory())
          mark(join(each, '.wh..wh..opq'));
        visit(each);
      }
    }
  };
  visit('');
  const list = `${upper}.gone`;
  writeFileSync(list, gone.map((path) => `./${path}\n`).join(''));
  const marked = existsSync(marks) ? filesBelow(marks) : [];
  writeFileSync(`${upper}.marked`, marked.map((path) => `${path}\n`).join(''));
  const common = ['--numeric-owner', '--xattrs', '--xattrs-include=security.capability', '--sort=name'];
  await run('tar', [
    ...common,
    '-cf',
    file,
    '-C',
    marks,
    '--no-recursion',
    '-T',
    `${upper}.marked`,
    '-C',
    upper,
    '--recursion',
    '--anchored',
    '--no-wildcards',
    '-X',
    list,
    '.',
  ]);
}

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(dir.length + 1), entry.name));
