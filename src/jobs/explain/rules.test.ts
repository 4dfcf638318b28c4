import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { allRules, rulesOfStart } from './rules.ts';

const rules = await allRules();

/** The members of a union in facts/start/verdict.ts. */
function codesOf(union: string): string[] {
  const source = readFileSync('src/facts/start/verdict.ts', 'utf8');
  const [, members = ''] =
    new RegExp(`export type ${union} =\\n((?: {2}\\| .+\\n)+| {2}\\| [^;]+;)`).exec(source) ?? [];
  return [...members.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);
}

describe('the rules of explain', () => {
  it('are there for each cause that facts/start knows', async () => {
    const ofStart = (await rulesOfStart()).map(({ code }) => code);
    assert.deepEqual(ofStart.toSorted(), codesOf('Cause').toSorted());
    const late = codesOf('LateCause');
    assert.ok(late.length > 5);
    assert.deepEqual(
      late.filter((code) => !rules.some((rule) => rule.code === code)),
      [],
    );
  });

  it('have one code each, of small letters with dashes', () => {
    const codes = rules.map(({ code }) => code);
    assert.deepEqual(codes, [...new Set(codes)]);
    for (const code of codes) assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('tell all that their section in docs/findings.md has', () => {
    for (const { code, title, sees, why, fix, dockerfile } of rules) {
      assert.match(title, /^[.`\p{L}].*\.$/u, code);
      assert.ok(title.length <= 120, `the title of ${code} is one short sentence`);
      for (const text of [why, fix]) assert.match(text, /^.{10,}[.`]$/su, code);
      assert.ok(dockerfile.trim() !== '', code);
      for (const message of sees) assert.ok(message.trim() !== '', code);
    }
  });

  it('show the messages of those that end a start', async () => {
    for (const { code, sees } of await rulesOfStart()) assert.ok(sees.length > 0, code);
  });
});
