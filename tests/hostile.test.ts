import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { caseNames } from './measure/hostile/cases.ts';
import { prepareWork, runCase } from './measure/hostile/run-case.ts';

const work = mkdtempSync(join(tmpdir(), 'osless-hostile-'));
after(() => rmSync(work, { recursive: true, force: true }));

/** The large measurement is `npm run measure -- hostile`, which takes any seed; a test has to end the same each time. */
const seed = 20_260_731;
const casesOfEachKind = 25;
const slowestMs = 5000;

describe('input that means harm', () => {
  prepareWork(work);
  for (const name of caseNames.filter((each) => !each.startsWith('bomb-'))) {
    it(`is used or refused with a Fault, and nothing is written outside: ${name}`, async () => {
      for (let index = 0; index < casesOfEachKind; index++) {
        const outcome = await runCase(seed, index, { work, kinds: [name] });
        assert.equal(outcome.problem, undefined, `case ${index} of ${name}`);
        assert.ok(outcome.ms < slowestMs, `case ${index} of ${name} took ${outcome.ms} ms`);
      }
    });
  }
});
