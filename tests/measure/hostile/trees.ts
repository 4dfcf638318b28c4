import { type FileTree, literalTree } from '../../../src/rootfs/index.ts';
import { type ElfParts, elf } from '../../make/elf.ts';
import { buildIdNote, dlopenNote, isaNote, packageNote } from '../../make/elf-notes.ts';
import { mutateBytes } from './mutate.ts';
import type { Random } from './random.ts';

const interpreter = '/lib64/ld-linux-x86-64.so.2';

/** ELF files of several machines and kinds, with all that we read. */
export function hostileElf(random: Random): Buffer {
  const parts: ElfParts = {
    architecture: random.pick(['amd64', 'amd64', '386', 's390x', 'mips', 'arm64', 'arm']),
    hash: random.pick(['sysv', 'gnu', 'none']),
    sectionHeaders: random.chance(0.7),
    ...(random.chance(0.5) ? { interpreter } : { soname: 'libmade.so.1' }),
    needs: ['liba.so.1', 'libc.so.6'],
    runpath: '$ORIGIN/../lib:/opt/$LIB:$PLATFORM',
    rpath: ':/a::/b:',
    auxiliaries: ['libaux.so'],
    versionsDefined: ['MADE_1', 'MADE_2'],
    versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.38?'] }],
    symbols: [
      { name: 'dlopen', defined: false, version: 'GLIBC_2.34' },
      { name: 'iconv_open', defined: false },
      { name: 'system', defined: false, binding: 'weak' },
      { name: 'made', version: 'MADE_1' },
    ],
    notes: [buildIdNote('c0ffee'), isaNote(4), packageNote('{"a":1}'), dlopenNote([{ soname: ['libd.so'] }])],
    strings: ['/etc/made.conf', 'libplugin.so.1', '/usr/share/made', 'cat', '/bin/sh', 'x'.repeat(5000)],
  };
  const bytes = Buffer.from(elf(parts));
  return random.chance(0.85) ? mutateElf(bytes, random) : mutateBytes(bytes, random);
}

/** Changes where the headers, tables and the dynamic section are, rather than in the padding between pages. */
function mutateElf(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  for (let left = 1 + random.int(4); left > 0; left--) {
    const [from, size] = random.pick([
      [0, 64],
      [64, 600],
      [400, 1200],
      [8192, 500],
      [8192, 500],
    ] as const);
    const at = from + random.int(size / 4) * 4;
    const end = Math.min(at + 8, changed.length);
    if (at < end) changed.set(mutateBytes(changed.subarray(at, end), random).subarray(0, end - at), at);
  }
  return changed;
}

/** A small system: a program with its libraries, caches, configuration and package records, some of them damaged. */
export function hostileRoot(random: Random): FileTree {
  const damaged = (bytes: Uint8Array, share = 0.25) =>
    random.chance(share) ? mutateBytes(bytes, random) : Buffer.from(bytes);
  const text = (content: string, share = 0.25) => damaged(Buffer.from(content), share);
  const library = (soname: string, needs: readonly string[] = []) =>
    elf({
      soname,
      needs,
      versionsDefined: ['GLIBC_2.34', 'GLIBC_2.38'],
      symbols: [{ name: 'f', version: 'GLIBC_2.34' }],
    });
  const symbols = ['dlopen', 'iconv_open', 'getpwnam', 'tzset', 'system', 'setlocale', 'getaddrinfo'];
  const program = elf({
    interpreter,
    needs: ['liba.so.1', 'libc.so.6', 'libopt.so'],
    runpath: '$ORIGIN/../lib:$ORIGIN',
    symbols: symbols.map((name) => ({ name, defined: false })),
    strings: ['/etc/app.conf', '/usr/lib/app/plugins', 'libplugin.so', '/bin/sh', '/usr/share/app/%s', 'sh -c tool'],
  });
  return literalTree({
    '/usr/bin/app': { content: damaged(program, 0.15), mode: 0o755 },
    '/usr/bin/script': { content: text('#!/usr/bin/env app\nexec tool "$@" < /etc/app.conf\n'), mode: 0o755 },
    '/usr/bin/env': { content: elf(), mode: 0o755 },
    '/bin/sh': { content: elf(), mode: 0o755 },
    '/bin/tool': {
      content: text('#!/bin/sh\n. /etc/app.conf\n$(cat <<EOF\n`x`\nEOF\n)\ncase a in a) b;; esac\n'),
      mode: 0o755,
    },
    [interpreter]: { content: damaged(library('ld-linux-x86-64.so.2')), mode: 0o755 },
    '/usr/lib/liba.so.1': { content: damaged(library('liba.so.1', ['libb.so.1'])) },
    '/usr/lib/libb.so.1': { content: damaged(library('libb.so.1', ['liba.so.1'])) },
    '/usr/lib/libc.so.6': { content: damaged(library('libc.so.6')) },
    '/opt/lib/libopt.so': { content: damaged(library('libopt.so')) },
    '/usr/lib/app/plugins/one.so': { content: damaged(library('one.so')) },
    '/etc/ld.so.cache': { content: random.chance(0.8) ? mutateBytes(cacheFile(), random) : cacheFile() },
    '/etc/ld.so.preload': { content: text('/usr/lib/liba.so.1 libb.so.1\n') },
    '/etc/app.conf': { content: text('include /etc/*.conf\nmodule=/usr/lib/app/plugins/one.so\n') },
    '/etc/passwd': { content: text('root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/false\n') },
    '/etc/group': { content: text('root:x:0:\napp:x:1000:root,app\n') },
    '/etc/nsswitch.conf': { content: text('passwd: files systemd\nhosts: files [!UNAVAIL=return] dns\n') },
    ...packageFiles(text),
  });
}

function packageFiles(text: (content: string, share?: number) => Buffer) {
  const status = ['app', 'liba1', 'libc6']
    .map(
      (name) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nDepends: libc6 (>= 2.3) | libc, liba1\nInstalled-Size: 12\nSource: src-${name} (1.0)\nDescription: x\n y\n .\n z\nConffiles:\n /etc/app.conf 0123\n\n`,
    )
    .join('');
  const apk =
    'C:Q1abc=\nP:app\nV:1.0-r0\nA:x86_64\nS:1\nI:1\nD:so:libc.so\np:cmd:app\no:app\nF:usr\nF:usr/bin\nR:app\na:0:0:755\nZ:Q1abc=\n\n';
  return {
    '/var/lib/dpkg/status': { content: text(status, 0.6) },
    '/var/lib/dpkg/info/app.list': { content: text('/.\n/usr\n/usr/bin\n/usr/bin/app\n/etc/app.conf\n', 0.5) },
    '/var/lib/dpkg/info/liba1:amd64.list': { content: text('/usr/lib/liba.so.1\n', 0.5) },
    '/var/lib/dpkg/diversions': { content: text('/usr/bin/app\n/usr/bin/app.real\napp\n', 0.5) },
    '/lib/apk/db/installed': { content: text(apk, 0.6) },
  };
}

/** An ld.so.cache of the old format with the new one behind it, as ldconfig wrote them for long. */
function cacheFile(): Buffer {
  const libraries = ['libopt.so', 'libc.so.6', 'liba.so.1'];
  const strings = Buffer.from(libraries.map((name) => `${name}\0/opt/lib/${name}\0`).join(''));
  const offsets = libraries.map((name) => {
    const key = strings.indexOf(`${name}\0`);
    return [key, key + name.length + 1] as const;
  });
  const old = Buffer.alloc(16 + 12 * libraries.length);
  old.write('ld.so-1.7.0\0');
  old.writeUInt32LE(libraries.length, 12);
  const header = Buffer.alloc(48 + 24 * libraries.length);
  header.write('glibc-ld.so.cache1.1');
  header.writeUInt32LE(libraries.length, 20);
  header.writeUInt32LE(strings.length, 24);
  offsets.forEach(([key, value], index) => {
    old.writeInt32LE(3, 16 + 12 * index);
    old.writeUInt32LE(key + header.length, 20 + 12 * index);
    old.writeUInt32LE(value + header.length, 24 + 12 * index);
    header.writeInt32LE(0x303, 48 + 24 * index);
    header.writeUInt32LE(header.length + key, 52 + 24 * index);
    header.writeUInt32LE(header.length + value, 56 + 24 * index);
  });
  const padding = Buffer.alloc((8 - (old.length % 8)) % 8);
  return Buffer.concat([old, padding, header, strings]);
}
