import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { broken, finding, link, summary } from '../../../tests/make/summary.ts';
import { explainText } from './text.ts';

const plain = { colour: false, unicode: true };
const lines = (...texts: string[]): string => `${texts.join('\n')}\n`;
const firstLine = (text: string): string => text.split('\n')[0] ?? '';

describe('the report of explain', () => {
  it('begins with the verdict, then shows the way to the cross, the reason and the advice', () => {
    assert.equal(
      explainText(broken, plain),
      lines(
        '✗ web does not start: liba.so.1, which /app needs, is nowhere (lib-missing)',
        '',
        '  ✓ /run.sh          script for /bin/sh',
        '    ✓ /bin/dash      shell, x86_64, loader /lib64/ld.so, 1 library',
        '      ✓ /app         x86_64, loader /lib64/ld.so, 3 libraries',
        '        ✗ liba.so.1  a library that it needs, which is not found',
        '',
        '  Why       A library is found nowhere.',
        '  Shows     /app: error while loading',
        '  Fix       Install it:',
        '            RUN apt-get install -y liba1',
        '',
        '  OS        none',
        '  For       linux/amd64',
        '  Needs OS  yes: /run.sh is run by /bin/dash',
        '',
        'Works less well:',
        '  ! no certificates (late-certs-missing)',
        '    COPY them.',
        '',
        'Notes:',
        '  · nobody reaps (pid1-signals)',
        '    Use --init.',
      ),
    );
  });

  it('says in a few lines that a program starts', () => {
    const os = { present: true, name: 'Debian 12', libc: 'glibc 2.36', shell: '/bin/sh', packageManager: 'apt' };
    const good = summary({}, { place: 'app', in: 'oci:dir', machine: 'arm64' });
    assert.equal(
      explainText({ ...good, os: { ...good.os, ...os, packageCount: 1, commands: 'coreutils' } }, plain),
      lines(
        '✓ app in oci:dir starts',
        '',
        '  ✓ /app  x86_64, no loader',
        '',
        '  OS        Debian 12, glibc 2.36, shell /bin/sh, apt, 1 package, commands of coreutils',
        '  For       linux/amd64, judged for a machine that is arm64',
        '  Needs OS  no: /app needs no other file',
      ),
    );
  });

  it('puts what ends it later into the first line, and what cannot be told', () => {
    const late = finding({ code: 'late-certs-missing', severity: 'degrades', says: 'no TLS server is believed' });
    const start = summary({ cause: 'late-certs-missing' }, { findings: [late] });
    assert.equal(
      firstLine(explainText(start, plain)),
      '✓ web starts, but no TLS server is believed (late-certs-missing)',
    );
    const open = summary({ starts: 'unknown', says: 'it hangs on $MODE', undecided: ['$MODE is not set'] });
    const text = explainText(open, plain);
    assert.equal(firstLine(text), '? web: cannot tell whether it starts: it hangs on $MODE');
    assert.match(text, /^ {2}\? \/app/m);
    assert.match(text, /^ {2}Open {6}\$MODE is not set$/m);
  });

  it('has one cross at most: at the file itself, at what it asks for, or at the setting', () => {
    const crosses = (start: Parameters<typeof summary>[0]) =>
      explainText(summary({ starts: 'no', ...start }), plain)
        .split('\n')
        .slice(1)
        .filter((line) => line.includes('✗'))
        .map((line) => line.trim().split('  ')[0]);
    const chain = [link('/run.sh', { kind: 'script', machine: null, interpreter: '/bin/sh' }), link('/bin/sh')];
    assert.deepEqual(crosses({ cause: 'script-unreadable', subject: '/run.sh', chain }), ['✗ /run.sh']);
    assert.deepEqual(crosses({ cause: 'wrong-architecture', subject: '/bin/sh', chain }), ['✗ /bin/sh']);
    assert.deepEqual(crosses({ cause: 'loader-missing', missing: ['/ld.so'], chain }), ['✗ /ld.so']);
    assert.deepEqual(crosses({ cause: 'user-not-found', missing: ['app'], chain: [] }), ['✗ app']);
    assert.deepEqual(crosses({ cause: 'no-command', argv: [], chain: [] }), ['✗ no command']);
    assert.deepEqual(crosses({ cause: 'entrypoint-missing', argv: ['/x', 'a b'], chain: [] }), ["✗ /x 'a b'"]);
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    assert.deepEqual(crosses({ cause: 'lib-missing', missing: many, chain }), ['✗ a, b, c, d, e and 2 others']);
  });

  it('colours the verdict where there are colours', () => {
    assert.match(explainText(broken, { colour: true, unicode: true }), /^\x1b\[31m✗ web .*\x1b\[0m\n/);
    assert.doesNotMatch(explainText(broken, plain), /\x1b/);
  });

  it('does with ASCII where there is no more', () => {
    const text = explainText(broken, { colour: false, unicode: false });
    assert.match(text, /^[\n -~]*$/);
    assert.match(text, /^x web does not start/);
    assert.match(text, /^ {2}\+ \/run\.sh/m);
  });

  it('lets no name from an image write lines, colours or directions of its own', () => {
    const evil = 'a\n✓ web starts\x1b[2J\u202e\udcff\r';
    const shown = 'a\\n✓ web starts\\x1b[2J\\u{202e}\\xff\\r';
    const hostile = summary(
      {
        ...{ argv: [evil], starts: 'no', cause: 'lib-missing', missing: [evil], subject: evil, says: evil },
        ...{ message: evil, chain: [link('/app', { interpreter: evil })], undecided: [evil] },
      },
      {
        place: evil,
        findings: [finding({ says: evil, advice: 'Mend it.' })],
        needsOs: { answer: 'no', because: [evil] },
      },
    );
    const text = explainText(hostile, plain);
    assert.equal(firstLine(text), `✗ ${shown} does not start: ${shown} (lib-missing)`);
    assert.doesNotMatch(text, /[\x1b\u202e\udcff\r]/);
    assert.doesNotMatch(text, /^✓/m);
  });
});
