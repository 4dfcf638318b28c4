import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { memoryStore } from '../../../src/content/index.ts';
import type { ProcessConfig } from '../../../src/formats/oci/index.ts';
import { type Image, saveImage } from '../../../src/image/index.ts';
import { explain } from '../../../src/jobs/explain/index.ts';
import { elf } from '../../make/elf.ts';
import { type MadeLayer, makeImage } from '../../make/image.ts';
import { loaderCache } from '../../make/loader-cache.ts';
import { mutateBytes } from './mutate.ts';
import type { Random } from './random.ts';

const machine = { os: 'linux', architecture: 'amd64' };
const loader = '/lib64/ld-linux-x86-64.so.2';
const libraries = '/usr/lib/x86_64-linux-gnu';

/** An image that starts, through a script, by a user, with what an operating system has. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  '/app': elf({
    interpreter: loader,
    needs: ['libx.so.1', 'libc.so.6'],
    symbols: [{ name: 'of_x', defined: false }],
    versionsNeeded: [{ file: 'libx.so.1', versions: ['X_1'] }],
    hash: 'gnu',
    strings: ['/etc/app.conf', 'sh -c'],
  }),
  '/run.sh': '#!/bin/sh -e\nset -e\nif [ "$1" = x ]; then exec env A=b /app; fi\nexec "$@"\n',
  '/bin/sh': elf({ strings: ['sh'] }),
  [loader]: elf({ soname: 'ld-linux-x86-64.so.2', versionsDefined: ['GLIBC_2.4'] }),
  [`${libraries}/libc.so.6`]: elf({
    soname: 'libc.so.6',
    versionsDefined: ['GLIBC_2.2.5'],
    strings: ['GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.'],
  }),
  [`${libraries}/libx.so.1`]: elf({
    soname: 'libx.so.1',
    versionsDefined: ['X_1'],
    symbols: [{ name: 'of_x', defined: true }],
  }),
  '/etc/ld.so.cache': loaderCache({ entries: [{ name: 'libx.so.1', path: `${libraries}/libx.so.1` }] }),
  '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n/opt/lib\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:100:100::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\napp:x:100:app\n',
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n',
  '/etc/nsswitch.conf': 'passwd: files\nhosts: files dns\n',
  '/var/lib/dpkg/status': 'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9\nArchitecture: amd64\n\n',
  '/lib/apk/db/installed': 'C:Q1\nP:musl\nV:1.2.4-r2\nA:x86_64\nF:lib\nR:ld-musl-x86_64.so.1\n\n',
};

const commands: readonly Partial<ProcessConfig>[] = [
  { entrypoint: ['/app'] },
  { entrypoint: ['/run.sh'], cmd: ['/app'], user: 'app:app' },
  { entrypoint: ['/bin/sh', '-c', 'exec /run.sh env -i /app --option'], user: '100' },
];

/** Explains an image one or two of whose files are damaged: near the beginning mostly, as headers stand there. */
export async function explainDamagedFiles(random: Random, dir: string, ready: () => void): Promise<void> {
  const layer: MadeLayer = { ...files, '/tmp/': { mode: 0o1777 } };
  const damaged: Record<string, Uint8Array> = {};
  for (let left = 1 + random.int(2); left > 0; left--) {
    const [name, content] = random.pick(Object.entries(files));
    damaged[name] = random.chance(0.5)
      ? mutateBytes(Buffer.from(content), random)
      : oneByte(Buffer.from(content), random);
  }
  const made = Object.entries({ ...layer, ...damaged }).map(([name, content]) => [name, fileOf(name, content)]);
  const config = random.pick(commands);
  const compression = random.pick(['none', 'gzip'] as const);
  const image = await makeImage([Object.fromEntries(made)], { ...config, platform: machine, compression });
  await explainImage(image, dir, ready);
}

const fileOf = (name: string, content: MadeLayer[string]): MadeLayer[string] =>
  (typeof content === 'string' || content instanceof Uint8Array) && /^\/(app|run\.sh)$/.test(name)
    ? { content, mode: 0o755 }
    : content;

function oneByte(bytes: Buffer, random: Random): Buffer {
  const at = random.int(random.chance(0.7) ? Math.min(bytes.length, 600) : bytes.length);
  bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.int(256)]);
  return bytes;
}

async function explainImage(image: Image, dir: string, ready: () => void): Promise<void> {
  const layout = join(dir, 'layout');
  mkdirSync(layout);
  await saveImage(image, `oci:${layout}`, { store: memoryStore() });
  ready();
  await explainPlace(`oci:${layout}`);
}

/** A verdict, or a Fault. */
export async function explainPlace(place: string): Promise<void> {
  const { entrypoint } = await explain(place, { store: memoryStore(), machine });
  if (!['yes', 'no', 'unknown'].includes(entrypoint.starts)) throw new Error(`no verdict: ${entrypoint.starts}`);
}
