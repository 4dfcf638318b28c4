import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../../../tests/make/elf.ts';
import { executable, judgedBy, muslFiles, muslProgram } from '../../../../../tests/make/scene.ts';
import { muslDns } from './musl-dns.ts';

const loader = (release: string) =>
  executable(elf({ soname: 'libc.musl-x86_64.so.1', strings: ['', 'musl libc (x86_64)', release] }));
const foundFor = (release: string, imports: readonly string[]) =>
  judgedBy(muslDns, {
    files: { ...muslFiles, '/lib/ld-musl-x86_64.so.1': loader(release), '/app': muslProgram({ imports }) },
  });

describe('musl-dns', () => {
  it('speaks of an old musl and a program that looks names up', async () => {
    const [found] = await foundFor('1.2.3', ['getaddrinfo']);
    assert.match(found?.says ?? '', /^musl 1\.2\.3 .* \/app looks names up/);
  });

  it('is silent about a newer musl, and about a program that looks none up', async () => {
    assert.deepEqual(await foundFor('1.2.4', ['getaddrinfo']), []);
    assert.deepEqual(await foundFor('1.2.3', ['open']), []);
  });
});
