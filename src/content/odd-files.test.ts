import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isFault } from '../kit/index.ts';
import { openLayout } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-odd-'));
after(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** What opening a layout and listing it comes to when one of its files is something else. */
async function openWith(name: 'oci-layout' | 'index.json', place: (path: string) => void): Promise<string> {
  const directory = join(root, String(made++));
  mkdirSync(directory);
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(directory, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  rmSync(join(directory, name));
  place(join(directory, name));
  try {
    await (await openLayout(directory)).names();
    return 'good';
  } catch (error) {
    if (!isFault(error)) throw error;
    return error.code;
  }
}

describe('a layout whose files are something else', () => {
  for (const name of ['oci-layout', 'index.json'] as const) {
    it(`is refused when ${name} is a directory, a device, a link to itself or larger than any`, async () => {
      assert.equal(await openWith(name, (path) => mkdirSync(path)), 'FILE_NOT_FOUND');
      assert.equal(await openWith(name, (path) => symlinkSync('/dev/zero', path)), 'FILE_NOT_FOUND');
      assert.equal(await openWith(name, (path) => symlinkSync(path, path)), 'SYSTEM');
      const large = (path: string) => {
        writeFileSync(path, '{}');
        truncateSync(path, 2 ** 32);
      };
      assert.equal(await openWith(name, large), 'TOO_LARGE');
    });
  }
});
