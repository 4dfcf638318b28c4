import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  executable,
  glibcFiles,
  glibcProgram,
  judgedBy,
  type MadeFiles,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import type { Rule } from '../../rule.ts';
import { lateCertsMissing } from './late-certs-missing.ts';
import { lateDataMissing } from './late-data-missing.ts';
import { lateFileMissing } from './late-file-missing.ts';
import { lateNssMissing } from './late-nss-missing.ts';

/** What a rule misses for a script of an interpreter. */
async function missingOf(rule: Rule, [command, text]: readonly [string, string], files: MadeFiles = {}, user = '') {
  const all = { ...glibcFiles(), [`/usr/bin/${command}`]: glibcProgram(), '/main': text, '/etc/': {}, ...files };
  const found = await judgedBy(rule, { files: all, config: { entrypoint: [command, '/main'], user } });
  return found.flatMap(({ missing = [] }) => missing);
}

describe('rules about scripts', () => {
  it('see files that a script reads or writes by a constant path', async () => {
    const read = ['python3', 'import json\nconfig = json.load(open("/etc/app/config.json"))\n'] as const;
    assert.deepEqual(await missingOf(lateFileMissing, read), ['/etc/app/config.json']);
    assert.deepEqual(await missingOf(lateFileMissing, read, { '/etc/app/config.json': '{}' }), []);
    const write = ['node', "fs.appendFileSync('/var/log/app/x.log', 'a');\n"] as const;
    assert.deepEqual(await missingOf(lateFileMissing, write), ['/var/log/app/x.log']);
    assert.deepEqual(await missingOf(lateFileMissing, write, { '/var/log/app/': {} }), []);
    assert.deepEqual(await missingOf(lateFileMissing, write, { '/var/log/app/': {} }, '1000'), ['/var/log/app/x.log']);
  });

  it('leave out what is indented: it may be an attempt', async () => {
    const text = 'try:\n    open("/etc/app.json")\nexcept OSError:\n    pass\n# open("/etc/b.json")\n';
    assert.deepEqual(await missingOf(lateFileMissing, ['python3', text]), []);
  });

  it('see mktemp in a script of the shell without /tmp', async () => {
    const text = '#!/bin/sh\nset -e\nfile=$(mktemp)\nexec cat "$file"\n';
    const run = async (files: MadeFiles, script = text) => {
      const all = { '/bin/sh': staticProgram(), '/bin/cat': staticProgram(), '/bin/mktemp': staticProgram() };
      const made = { ...all, '/run.sh': executable(script), ...files };
      return (await judgedBy(lateFileMissing, { files: made, config: { entrypoint: ['/run.sh'] } })).map(
        ({ missing }) => missing,
      );
    };
    assert.deepEqual(await run({}), [['/tmp']]);
    assert.deepEqual(await run({ '/tmp/': {} }), []);
    assert.deepEqual(await run({}, '#!/bin/sh\nmktemp -p /run\nif false; then\n  mktemp\nfi\n'), []);
  });

  it('see users, groups and services that a script looks up', async () => {
    const accounts = { '/etc/passwd': 'root:x:0:0::/:\n', '/etc/group': 'root:x:0:\n' };
    const text = 'import pwd, grp, os\npwd.getpwnam("root")\ngrp.getgrnam("root")\npwd.getpwuid(os.getuid())\n';
    assert.deepEqual(await missingOf(lateNssMissing, ['python3', text]), ['/etc/passwd', '/etc/group', '/etc/passwd']);
    assert.deepEqual(await missingOf(lateNssMissing, ['python3', text], accounts), []);
    assert.deepEqual(await missingOf(lateNssMissing, ['python3', text], accounts, '1000'), ['/etc/passwd']);
    const service = ['perl', 'getservbyname("https", "tcp") or die;\n'] as const;
    assert.deepEqual(await missingOf(lateNssMissing, service, accounts), ['/etc/services']);
  });

  it('see a script that asks a server over TLS without roots', async () => {
    const script = ['python3', 'import urllib.request\nurllib.request.urlopen("https://example.org")\n'] as const;
    assert.deepEqual(await missingOf(lateCertsMissing, script), ['/usr/lib/ssl/cert.pem']);
    assert.deepEqual(await missingOf(lateCertsMissing, script, { '/etc/ssl/cert.pem': 'roots' }), []);
    const own = ['python3', 'import requests\nrequests.get("https://example.org")\n'] as const;
    assert.deepEqual(await missingOf(lateCertsMissing, own), []);
    assert.deepEqual(await missingOf(lateCertsMissing, ['node', 'fetch("https://example.org");\n']), []);
  });

  it('see a locale that a script sets', async () => {
    const script = ['python3', 'import locale\nlocale.setlocale(locale.LC_ALL, "de_DE.UTF-8")\n'] as const;
    assert.deepEqual(await missingOf(lateDataMissing, script), ['de_DE.UTF-8']);
    assert.deepEqual(await missingOf(lateDataMissing, script, { '/usr/lib/locale/de_DE.utf8/LC_CTYPE': 'x' }), []);
    assert.deepEqual(await missingOf(lateDataMissing, ['python3', 'locale.setlocale(locale.LC_ALL, "")\n']), []);
  });
});
