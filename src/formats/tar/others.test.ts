import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readTar } from './index.ts';

const hasGnuTar = /GNU tar/.test(spawnSync('tar', ['--version']).stdout?.toString() ?? '');

/** A folder with what GNU tar has ways of its own for. */
function makeFolder(root: string): { content: Map<string, Buffer> } {
  const longName = `${'d'.repeat(120)}/${'f'.repeat(150)}`;
  const sparse = Buffer.alloc(3_000_000);
  mkdirSync(join(root, 'd'.repeat(120)), { recursive: true });
  writeFileSync(join(root, longName), 'long');
  writeFileSync(join(root, 'b\u00fcro'), 'umlaut');
  symlinkSync('t'.repeat(180), join(root, 'sym'));
  linkSync(join(root, 'b\u00fcro'), join(root, 'hard'));
  const file = openSync(join(root, 'sparse'), 'w');
  for (let at = 65_536; at < 2_900_000; at += 131_072) {
    sparse.write(`data at ${at}`, at);
    writeSync(file, `data at ${at}`, at);
  }
  closeSync(file);
  truncateSync(join(root, 'sparse'), sparse.length);
  utimesSync(join(root, 'b\u00fcro'), 1000, 1000.5);
  return {
    content: new Map([
      [longName, Buffer.from('long')],
      ['b\u00fcro', Buffer.from('umlaut')],
      ['hard', Buffer.from('umlaut')],
      ['sparse', sparse],
    ]),
  };
}

/** Content by path; of a hard link that of the file that it names. */
async function contentsOf(file: string): Promise<{ content: Map<string, Buffer>; links: string[] }> {
  const content = new Map<string, Buffer>();
  const links: string[] = [];
  for await (const { header, body } of readTar(createReadStream(file))) {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(Buffer.from(part));
    const path = header.path.replace(/^\.\//, '');
    if (header.type === 'file') content.set(path, Buffer.concat(parts));
    if (header.type === 'hardlink')
      content.set(path, content.get(header.linkTarget.replace(/^\.\//, '')) ?? Buffer.alloc(0));
    if (header.type === 'symlink') links.push(header.linkTarget);
  }
  return { content, links };
}

const ways = {
  gnu: ['--format=gnu'],
  'gnu with sparse files': ['--format=gnu', '--sparse'],
  pax: ['--format=pax'],
  'pax with sparse files 0.0': ['--format=pax', '--sparse', '--sparse-version=0.0'],
  'pax with sparse files 0.1': ['--format=pax', '--sparse', '--sparse-version=0.1'],
  'pax with sparse files 1.0': ['--format=pax', '--sparse', '--sparse-version=1.0'],
  'pax with a global header': ['--format=pax', '--pax-option=globexthdr.name=g,comment=hello,gname=everyone'],
  incremental: ['--format=gnu', '--listed-incremental=snapshot'],
};

describe('archives of GNU tar', { skip: hasGnuTar ? false : 'GNU tar is not installed' }, () => {
  for (const [name, options] of Object.entries(ways)) {
    it(`are read: ${name}`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'osless-tar-'));
      try {
        const root = join(directory, 'root');
        mkdirSync(root);
        const { content } = makeFolder(root);
        execFileSync('tar', [...options, '-C', root, '-cf', join(directory, 'made.tar'), '.'], {
          cwd: directory,
          stdio: 'pipe',
        });
        const read = await contentsOf(join(directory, 'made.tar'));
        assert.deepEqual([...read.content.keys()].sort(), [...content.keys()].sort());
        for (const [path, bytes] of content) assert.ok(read.content.get(path)?.equals(bytes), path);
        assert.deepEqual(read.links, ['t'.repeat(180)]);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }
});
