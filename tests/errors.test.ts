import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

it('lists every FaultCode in docs/errors.md, with a cause and a remedy', () => {
  const codes = [...readFileSync('src/kit/fault.ts', 'utf8').matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code);
  const sections = readFileSync('docs/errors.md', 'utf8').split(/^## /m).slice(1);
  assert.deepEqual(
    sections.map((text) => text.slice(0, text.indexOf('\n'))),
    codes,
  );
  for (const text of sections) {
    const paragraphs = text
      .trim()
      .split(/\n{2,}/)
      .slice(1);
    assert.ok(paragraphs.length >= 2, `${text.slice(0, text.indexOf('\n'))} has a cause and a remedy`);
  }
});
