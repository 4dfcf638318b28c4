import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { commandPages } from './docs.ts';
import { commandTable } from './table.ts';

it('keeps docs/cli as the commands say (npm run docs writes it)', async () => {
  const pages = await commandPages();
  assert.deepEqual(readdirSync('docs/cli').sort(), [...pages.keys()].sort());
  for (const [name, text] of pages) assert.equal(readFileSync(`docs/cli/${name}`, 'utf8'), text, name);
});

it('lists each command under its own name and with its own summary', async () => {
  for (const [name, entry] of Object.entries(commandTable)) {
    const { default: command } = await entry.load();
    assert.equal(command.name, name);
    assert.equal(command.summary, entry.summary);
  }
});
