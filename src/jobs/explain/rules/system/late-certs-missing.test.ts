import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  glibcFiles,
  glibcProgram,
  judgedBy,
  type SceneParts,
  sharedLibrary,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import { lateCertsMissing } from './late-certs-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateCertsMissing, parts);
const bundle = '/etc/ssl/certs/ca-certificates.crt';
const many = Array.from({ length: 60 }, (_, at) => `function_${at}`);
const libraries = '/usr/lib/x86_64-linux-gnu';
const openssl = {
  ...glibcFiles(),
  [`${libraries}/libssl.so.3`]: sharedLibrary('libssl.so.3', { needs: ['libcrypto.so.3'] }),
  [`${libraries}/libcrypto.so.3`]: sharedLibrary('libcrypto.so.3', { strings: ['OPENSSLDIR: "/usr/lib/ssl"'] }),
  '/app': glibcProgram({
    needs: ['libssl.so.3', 'libc.so.6'],
    imports: ['SSL_connect', 'SSL_CTX_set_default_verify_paths'],
  }),
};
const goStrings = [`…${bundle}…`, 'httpsunsupported protocol schemefoo'];

describe('late-certs-missing', () => {
  it('speaks of a small OpenSSL client without roots', async () => {
    const [found, ...others] = await judge({ files: openssl });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['/usr/lib/ssl/cert.pem']);
    assert.equal(others.length, 0);
  });

  it('knows that OpenSSL reads hashed names and no bundle of Debian', async () => {
    const link = { '/usr/lib/ssl/certs': { linkTarget: '/etc/ssl/certs' }, [bundle]: 'roots' };
    assert.equal((await judge({ files: { ...openssl, ...link } })).length, 1);
    const hashed = { ...openssl, ...link, '/etc/ssl/certs/3513523f.0': 'a root' };
    assert.deepEqual(await judge({ files: hashed }), []);
  });

  it('asks libcrypto itself where roots lie in another directory', async () => {
    const elsewhere = { '/etc/ssl/cert.pem': 'roots' };
    assert.equal((await judge({ files: { ...openssl, ...elsewhere } })).length, 1);
    const own = sharedLibrary('libcrypto.so.3', { strings: ['OPENSSLDIR: "/etc/ssl"'] });
    assert.deepEqual(await judge({ files: { ...openssl, ...elsewhere, [`${libraries}/libcrypto.so.3`]: own } }), []);
  });

  it('takes SSL_CERT_FILE and SSL_CERT_DIR, when there is something to read', async () => {
    const env = ['SSL_CERT_FILE=/roots.pem'];
    const [found] = await judge({ files: openssl, config: { env } });
    assert.deepEqual(found?.missing, ['/roots.pem']);
    assert.deepEqual(await judge({ files: { ...openssl, '/roots.pem': 'roots' }, config: { env } }), []);
    const folder = { files: { ...openssl, '/roots/a.0': 'a root' }, config: { env: ['SSL_CERT_DIR=/roots'] } };
    assert.deepEqual(await judge(folder), []);
  });

  it('sees that the user may not read the roots', async () => {
    const files = { ...openssl, '/usr/lib/ssl/cert.pem': { content: 'roots', mode: 0o600 } };
    assert.equal((await judge({ files, config: { user: '1000' } })).length, 1);
    assert.deepEqual(await judge({ files }), []);
  });

  it('is silent about servers, which trust nobody', async () => {
    const server = glibcProgram({ imports: ['SSL_accept', 'SSL_CTX_use_certificate_file'] });
    assert.deepEqual(await judge({ files: { ...openssl, '/app': server } }), []);
  });

  it('notes it of curl, and is sure when a server is named', async () => {
    const files = { ...glibcFiles(), '/usr/bin/curl': glibcProgram({ imports: [...many, 'curl_easy_perform'] }) };
    const [notes] = await judge({ files, config: { entrypoint: ['curl'] } });
    const [sure] = await judge({ files, config: { entrypoint: ['curl'], cmd: ['https://example.org'] } });
    assert.deepEqual([notes?.severity, sure?.severity], ['notes', 'degrades']);
    assert.deepEqual(await judge({ files: { ...files, [bundle]: 'roots' }, config: { entrypoint: ['curl'] } }), []);
  });

  it('sees clients in Go by what only they have', async () => {
    const client = { '/app': staticProgram({ strings: [...goStrings, 'xhttps://api.example.org/v1'] }) };
    const go = { module: { path: 'example.org/app', version: '(devel)' } };
    const [found] = await judge({ files: client, go });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, [bundle]);
    const server = { '/app': staticProgram({ strings: [`…${bundle}…`, 'https://go.dev/issue/1'] }) };
    assert.deepEqual(await judge({ files: server, go }), []);
    assert.deepEqual(await judge({ files: { ...client, [bundle]: 'roots' }, go }), []);
    const embedded = [{ path: 'golang.org/x/crypto/x509roots/fallback', version: 'v0.1.0' }];
    assert.deepEqual(await judge({ files: client, go: { ...go, dependencies: embedded } }), []);
  });

  it('only notes it of a Go program that names no server', async () => {
    const [found] = await judge({
      files: { '/app': staticProgram({ strings: goStrings }) },
      go: { path: 'command-line-arguments' },
    });
    assert.equal(found?.severity, 'notes');
  });

  it('sees that Java’s cacerts is a link into nothing', async () => {
    const home = '/usr/lib/jvm/17';
    const files = {
      ...glibcFiles(),
      [`${home}/bin/java`]: glibcProgram(),
      [`${home}/lib/modules`]: 'classes',
      ...Object.fromEntries(
        ['libjava.so', 'libjimage.so', 'libjli.so', 'libverify.so', 'libzip.so', 'server/libjvm.so'].map((name) => [
          `${home}/lib/${name}`,
          sharedLibrary(name),
        ]),
      ),
      [`${home}/lib/jvm.cfg`]: '-server KNOWN\n',
      '/App.class': 'a class',
      [`${home}/lib/security/cacerts`]: { linkTarget: '/etc/ssl/certs/java/cacerts' },
    };
    const config = { entrypoint: [`${home}/bin/java`, '-cp', '/', 'App'] };
    const [found] = await judge({ files, config });
    assert.deepEqual(found?.missing, [`${home}/lib/security/cacerts`]);
    assert.equal(found?.severity, 'notes');
    const named = { ...config, env: ['SERVER=https://example.org'] };
    assert.equal((await judge({ files, config: named }))[0]?.severity, 'degrades');
    assert.deepEqual(await judge({ files: { ...files, '/etc/ssl/certs/java/cacerts': 'roots' }, config }), []);
    const own = { entrypoint: [`${home}/bin/java`, '-Djavax.net.ssl.trustStore=/own', 'App'] };
    assert.deepEqual(await judge({ files, config: own }), []);
  });
});
