import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene, staticProgram } from '../../../tests/make/scene.ts';
import { Fault } from '../../kit/index.ts';
import { findingsOf } from './findings.ts';
import type { Found, Rule, Severity } from './rule.ts';

const rule = (code: string, severity: Severity, judge: () => readonly Found[]): Rule => ({
  ...{ code, severity, title: 'It is so.', sees: [], why: 'Because.', fix: 'Change it.', dockerfile: 'FROM x' },
  judge,
});

const scene = await makeScene({ files: { '/app': staticProgram() } });

describe('findings', () => {
  it('come with what blocks first, then what degrades, then notes, else in the order of the rules', async () => {
    const rules = [
      rule('a', 'notes', () => [{ says: 'a' }]),
      rule('b', 'degrades', () => [{ says: 'b' }, { says: 'c', severity: 'notes' }]),
      rule('d', 'blocks', () => [{ says: 'd' }]),
    ];
    const found = await findingsOf(scene, rules);
    assert.deepEqual(
      found.map(({ says }) => says),
      ['d', 'b', 'a', 'c'],
    );
  });

  it('take from the rule what the judgement leaves out', async () => {
    const [finding] = await findingsOf(scene, [rule('a', 'degrades', () => [{ says: 'it is so' }])]);
    assert.deepEqual(finding, {
      ...{ code: 'a', severity: 'degrades', says: 'it is so', advice: 'Change it.', missing: [], about: {} },
    });
  });

  it('say equal sentences once, with all that is missing', async () => {
    const twice = rule('a', 'notes', () => [
      { says: 'x', missing: ['1'] },
      { says: 'x', missing: ['2', '1'], severity: 'degrades' },
    ]);
    const found = await findingsOf(scene, [twice]);
    assert.deepEqual(
      found.map(({ severity, missing }) => [severity, missing]),
      [['degrades', ['1', '2']]],
    );
  });

  it('leave out a rule that a damaged file stops, but no bug of ours', async () => {
    const throwing = (error: Error) => [
      rule('a', 'notes', () => {
        throw error;
      }),
    ];
    assert.deepEqual(await findingsOf(scene, throwing(new Fault('ELF_MALFORMED', 'cut'))), []);
    await assert.rejects(findingsOf(scene, throwing(new TypeError('bug'))), TypeError);
    await assert.rejects(findingsOf(scene, throwing(new Fault('SYSTEM', 'disk'))), { code: 'SYSTEM' });
  });
});
