import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary, staticProgram } from '../../../../../tests/make/scene.ts';
import { opensslDirectory } from './openssl-directory.ts';

const program = staticProgram({ strings: ['OPENSSLDIR: "/opt/build/ssl"'] });

describe('openssl-directory', () => {
  it('speaks of an OpenSSL inside the program that looks where nothing is', async () => {
    const [found] = await judgedBy(opensslDirectory, { files: { '/app': program } });
    assert.deepEqual(found?.about, { path: '/app', directory: '/opt/build/ssl' });
  });

  it('is silent where certificates are there, or named by a variable', async () => {
    const files = { '/app': program, '/opt/build/ssl/cert.pem': 'x' };
    assert.deepEqual(await judgedBy(opensslDirectory, { files }), []);
    const env = ['SSL_CERT_FILE=/etc/ssl/cert.pem'];
    assert.deepEqual(await judgedBy(opensslDirectory, { files: { '/app': program }, config: { env } }), []);
  });

  it('is silent about a program that loads the OpenSSL of the image', async () => {
    const needs = ['libcrypto.so.3', 'libc.so.6'];
    const files = {
      ...glibcFiles(),
      '/app': glibcProgram({ needs, strings: ['OPENSSLDIR: "/opt/build/ssl"'] }),
      '/usr/lib/libcrypto.so.3': sharedLibrary('libcrypto.so.3'),
    };
    assert.deepEqual(await judgedBy(opensslDirectory, { files }), []);
  });
});
