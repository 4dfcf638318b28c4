import type { Case } from '../case.ts';
import { put, set } from '../changes.ts';
import { fromBase } from '../from-base.ts';
import * as p from '../programs.ts';

const app = { Entrypoint: ['/app'] };
const at = (name: string, change: (bytes: Buffer) => Uint8Array | undefined, made = p.staticProgram) =>
  ({
    name,
    base: 'scratch',
    change: [
      put(
        '/app',
        p.changed(made, (bytes) => change(bytes) ?? bytes),
      ),
    ],
    config: app,
  }) as const;

/** ELF files that the kernel refuses or kills. */
export const elfCases: readonly Case[] = [
  {
    name: 'elf/arch/arm64-static',
    base: 'scratch',
    change: [put('/app', fromBase('arm64', '/bin/busybox'))],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/arm64-on-deb12',
    base: 'deb12',
    change: [put('/usr/local/bin/hello', fromBase('arm64', '/usr/bin/hello'))],
    config: { Cmd: ['hello'] },
    architecture: 'arm64',
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/arm64-go',
    base: 'busybox',
    change: [put('/app', p.of(p.go('', ['fmt'], 'CGO_ENABLED=0 GOARCH=arm64')))],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/riscv-go',
    base: 'deb13',
    change: [put('/app', p.of(p.go('', ['fmt'], 'CGO_ENABLED=0 GOARCH=riscv64')))],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/s390x-go',
    base: 'scratch',
    change: [put('/app', p.of(p.go('', ['fmt'], 'CGO_ENABLED=0 GOARCH=s390x')))],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/arm-go',
    base: 'musl',
    change: [put('/app', p.of(p.go('', ['fmt'], 'CGO_ENABLED=0 GOARCH=arm')))],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/interpreter',
    base: 'busybox',
    change: [put('/opt/sh', fromBase('arm64', '/bin/busybox')), put('/app', '#!/opt/sh\necho REACHED\n')],
    config: app,
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/via-tini',
    base: 'deb12',
    change: [put('/app', fromBase('arm64', '/bin/busybox'))],
    config: { Entrypoint: ['tini', '--', '/app'] },
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/via-sh',
    base: 'busybox',
    change: [put('/app', fromBase('arm64', '/bin/busybox'))],
    config: { Cmd: ['/bin/sh', '-c', '/app'] },
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/via-dash',
    base: 'deb12',
    change: [put('/app', fromBase('arm64', '/bin/busybox'))],
    config: { Cmd: ['/bin/sh', '-c', 'exec /app'] },
    expect: 'wrong-architecture',
  },
  {
    name: 'elf/arch/i386-good',
    base: 'scratch',
    change: [put('/busybox', fromBase('i386', '/bin/busybox'))],
    config: { Entrypoint: ['/busybox', 'echo', 'REACHED'] },
    expect: null,
  },
  {
    name: 'elf/arch/i386-dynamic-good',
    base: 'i386',
    config: { Entrypoint: ['/usr/bin/hello'] },
    token: 'Hello, world',
    expect: null,
  },
  {
    name: 'elf/arch/i386-go',
    base: 'distroless',
    change: [put('/app', p.of(p.go('', ['fmt'], 'CGO_ENABLED=0 GOARCH=386')))],
    config: app,
    expect: null,
  },
  { ...at('elf/arch/x32', (bytes) => void bytes.writeUInt8(1, 4)), expect: null },
  {
    ...at(
      'elf/foreign/freebsd',
      (bytes) => bytes,
      p.built({
        script: 'go mod init x 2>/dev/null; CGO_ENABLED=0 GOOS=freebsd go build -o out main.go',
        files: { 'main.go': 'package main\nfunc main() { println("REACHED") }\n' },
      }),
    ),
    expect: 'foreign-format',
  },
  {
    ...at(
      'elf/foreign/windows',
      (bytes) => bytes,
      p.built({
        script: 'go mod init x 2>/dev/null; CGO_ENABLED=0 GOOS=windows go build -o out main.go',
        files: { 'main.go': 'package main\nfunc main() { println("REACHED") }\n' },
      }),
    ),
    expect: 'foreign-format',
  },
  {
    ...at(
      'elf/foreign/darwin',
      (bytes) => bytes,
      p.built({
        script: 'go mod init x 2>/dev/null; CGO_ENABLED=0 GOOS=darwin go build -o out main.go',
        files: { 'main.go': 'package main\nfunc main() { println("REACHED") }\n' },
      }),
    ),
    expect: 'foreign-format',
  },
  { ...at('elf/corrupt/header-only', (bytes) => bytes.subarray(0, 64)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/40-bytes', (bytes) => bytes.subarray(0, 40)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/half', (bytes) => bytes.subarray(0, Math.floor(bytes.length / 3))), expect: 'elf-corrupt' },
  {
    ...at('elf/corrupt/dynamic-half', (bytes) => bytes.subarray(0, 4096), p.glibcProgram),
    base: 'deb12',
    expect: 'elf-corrupt',
  },
  { ...at('elf/corrupt/phoff', (bytes) => void bytes.writeUInt32LE(0x7fffff, 32)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/phnum', (bytes) => void bytes.writeUInt16LE(0, 56)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/phentsize', (bytes) => void bytes.writeUInt16LE(55, 54)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/entry', (bytes) => void bytes.writeUInt32LE(0x10, 24)), expect: 'elf-corrupt' },
  { ...at('elf/corrupt/type', (bytes) => void bytes.writeUInt16LE(0, 16)), expect: 'elf-not-a-program' },
  {
    ...at(
      'elf/corrupt/interpreter-beyond',
      (bytes) => interpreterAt(bytes, (place) => bytes.writeUInt32LE(0x7fffff, place + 8)),
      p.glibcProgram,
    ),
    base: 'deb12',
    expect: 'elf-corrupt',
  },
  {
    ...at(
      'elf/corrupt/interpreter-empty',
      (bytes) => interpreterAt(bytes, (place) => bytes.writeUInt32LE(0, place + 32)),
      p.glibcProgram,
    ),
    base: 'deb12',
    expect: 'elf-corrupt',
  },
  { ...at('elf/good/section-headers-gone', (bytes) => void bytes.fill(0, 40, 48)), expect: null },
  { ...at('elf/good/osabi', (bytes) => void bytes.writeUInt8(3, 7)), expect: null },
  { ...at('elf/good/version', (bytes) => void bytes.writeUInt8(9, 6)), expect: null },
  {
    name: 'elf/not-a-program/object',
    base: 'scratch',
    change: [put('/app', p.of(p.built({ script: 'gcc -c -o out main.c', files: { 'main.c': p.sayReached } })))],
    config: app,
    expect: 'elf-not-a-program',
  },
  {
    name: 'elf/not-a-program/library',
    base: 'deb12',
    change: [put('/app', p.of(p.library()))],
    config: app,
    expect: 'elf-not-a-program',
  },
  {
    name: 'elf/not-a-program/libm',
    base: 'deb12',
    change: [set('/usr/lib/x86_64-linux-gnu/libm.so.6', { mode: 0o755 })],
    config: { Entrypoint: ['/usr/lib/x86_64-linux-gnu/libm.so.6'] },
    expect: 'elf-not-a-program',
  },
  {
    name: 'elf/not-a-program/kernel-module',
    base: 'busybox',
    change: [put('/app', p.of(p.built({ script: 'gcc -c -o out main.c', files: { 'main.c': 'int x;\n' } })))],
    config: app,
    expect: 'elf-not-a-program',
  },
  {
    name: 'elf/good/libc-itself',
    base: 'deb12',
    config: { Entrypoint: ['/lib/x86_64-linux-gnu/libc.so.6'] },
    token: 'GNU C Library',
    expect: null,
  },
  {
    name: 'elf/good/loader-itself',
    base: 'deb12',
    change: [put('/app', p.of(p.glibcProgram), { mode: 0o644 })],
    config: { Entrypoint: ['/lib64/ld-linux-x86-64.so.2', '/app'] },
    expect: null,
  },
];

/** Changes the program header of the interpreter. */
function interpreterAt(bytes: Buffer, change: (place: number) => void): undefined {
  const start = Number(bytes.readBigUInt64LE(32));
  for (let index = 0; index < bytes.readUInt16LE(56); index++) {
    const place = start + index * 56;
    if (bytes.readUInt32LE(place) === 3) change(place);
  }
  return undefined;
}
