import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Grammar, parseLine } from './parse.ts';

const docker: Grammar = {
  flags: {
    env: { type: 'strings', short: 'e', value: 'NAME=VALUE', help: '' },
    interactive: { type: 'boolean', short: 'i', help: '' },
    tty: { type: 'boolean', short: 't', help: '' },
    memory: { type: 'string', short: 'm', value: 'BYTES', help: '' },
    keep: { type: 'string', value: 'LEVEL', default: 'likely', choices: ['needed', 'likely'], help: '' },
    why: { type: 'optional', value: 'PATH', help: '' },
    help: { type: 'boolean', help: '' },
  },
  operands: ['IMAGE', '[ARG...]'],
  passThrough: false,
};
const run: Grammar = { ...docker, passThrough: true };
const flagsOf = (...args: string[]) => parseLine(args, docker).flags;
const usage = (message: RegExp) => ({ name: 'UsageError', message });

describe('parseLine', () => {
  it('reads every way in which docker lets a value be written', () => {
    for (const args of [['-m', '1g'], ['-m1g'], ['-m=1g'], ['--memory', '1g'], ['--memory=1g']]) {
      assert.equal(flagsOf(...args, 'image')['memory'], '1g', args.join(' '));
    }
    assert.equal(flagsOf('--memory=', 'image')['memory'], '');
    assert.equal(flagsOf('-m', '-1', 'image')['memory'], '-1');
  });

  it('reads letters that are joined, and booleans that are told their value', () => {
    const flags = flagsOf('-it', '--interactive=false', 'image');
    assert.equal(flags['tty'], true);
    assert.equal(flags['interactive'], false);
    assert.throws(() => flagsOf('--tty=perhaps', 'image'), usage(/--tty is true or false, not 'perhaps'/));
  });

  it('collects a flag that may be repeated and takes the last of one that may not', () => {
    assert.deepEqual(flagsOf('-e', 'A=1', '--env=B=2', '-eC=3', 'image')['env'], ['A=1', 'B=2', 'C=3']);
    assert.equal(flagsOf('-m', '1', '-m', '2', 'image')['memory'], '2');
    assert.deepEqual(flagsOf('image')['env'], []);
  });

  it('finds flags behind the operands unless all after the first one is passed through', () => {
    assert.deepEqual(parseLine(['image', '-m', '1', 'arg'], docker).operands, ['image', ['arg']]);
    const passed = parseLine(['-m', '1', 'image', '-m', '2', '--', '--unknown'], run);
    assert.equal(passed.flags['memory'], '1');
    assert.deepEqual(passed.operands, ['image', ['-m', '2', '--', '--unknown']]);
  });

  it('takes everything behind -- as operands', () => {
    assert.deepEqual(parseLine(['--', 'image', '-m', '--'], docker).operands, ['image', ['-m', '--']]);
    assert.deepEqual(parseLine(['image', '--', '-g', 'daemon off;'], docker).operands, [
      'image',
      ['-g', 'daemon off;'],
    ]);
  });

  it('lets an optional value stand behind an equals sign, or be a path behind an operand', () => {
    assert.equal(flagsOf('image', '--why')['why'], true);
    assert.equal(flagsOf('image', '--why=/etc/passwd')['why'], '/etc/passwd');
    assert.equal(flagsOf('image', '--why', '/etc/passwd')['why'], '/etc/passwd');
    const before = parseLine(['--why', '/usr/bin/image'], docker);
    assert.deepEqual([before.flags['why'], before.operands[0]], [true, '/usr/bin/image']);
  });

  it('names the nearest flag when one is unknown', () => {
    assert.throws(() => flagsOf('--memroy=1', 'image'), usage(/^unknown flag --memroy; did you mean --memory\?$/));
    assert.throws(
      () => flagsOf('image', '-g', 'x'),
      usage(/^unknown flag -g; flags for the program itself stand after --$/),
    );
  });

  it('refuses a value that is missing, is none of the choices, or an operand that is missing or too many', () => {
    assert.throws(() => flagsOf('image', '--memory'), usage(/^--memory needs a value: --memory BYTES$/));
    assert.throws(() => flagsOf('--keep=all', 'image'), usage(/^--keep cannot be 'all'; it is one of needed, likely$/));
    assert.throws(() => flagsOf(), usage(/^IMAGE is missing$/));
    const two: Grammar = { ...docker, operands: ['PLACE', '[NAME]'] };
    assert.deepEqual(parseLine(['a'], two).operands, ['a', undefined]);
    assert.throws(() => parseLine(['a', 'b', 'c'], two), usage(/^'c' is one argument too many$/));
  });

  it('asks for no operand when the help is wanted', () => {
    assert.equal(flagsOf('--help')['help'], true);
  });
});
