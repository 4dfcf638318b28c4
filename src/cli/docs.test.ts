import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { generatedPages } from './docs.ts';
import { commandTable } from './table.ts';

it('keeps what is generated of docs/ as the program says (npm run docs writes it)', async () => {
  const pages = await generatedPages();
  const inFolder = [...pages.keys()].filter((path) => path.startsWith('docs/cli/'));
  assert.deepEqual(
    readdirSync('docs/cli')
      .map((name) => `docs/cli/${name}`)
      .sort(),
    inFolder.sort(),
  );
  for (const [path, text] of pages) assert.equal(readFileSync(path, 'utf8'), text, path);
});

it('lists each command under its own name and with its own summary', async () => {
  for (const [name, entry] of Object.entries(commandTable)) {
    const { default: command } = await entry.load();
    assert.equal(command.name, name);
    assert.equal(command.summary, entry.summary);
  }
});
