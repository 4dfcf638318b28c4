import { type Language, languageOf } from '../../../../facts/programs/index.ts';
import { resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';

export const opensslDirectory: Rule = {
  code: 'openssl-directory',
  severity: 'notes',
  title: 'An OpenSSL inside the program looks for certificates where it was built, not where the image has them.',
  sees: [
    'openssl: certificate verify failed: unable to get local issuer certificate',
    'rust: error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed',
  ],
  why: 'OpenSSL has the directory of its configuration and certificates compiled in (OPENSSLDIR). A program that brings its own copy (Rust with a vendored openssl, static C) still asks for that of the machine that built it.',
  fix: 'Name the certificates in SSL_CERT_FILE (or SSL_CERT_DIR).',
  dockerfile: 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
  judge: judgeDirectory,
};

/** Node and Java bring certificates of their own, and Go a TLS of its own. */
const compiled: ReadonlySet<Language> = new Set<Language>(['c', 'c++', 'rust']);

async function judgeDirectory({ program, tree, env }: Scene): Promise<readonly Found[]> {
  if (program === undefined || env.has('SSL_CERT_FILE') || env.has('SSL_CERT_DIR')) return [];
  if (!compiled.has(await languageOf(program))) return [];
  const libraries = program.closure.objects.map(({ elf }) => elf.dynamic?.soname ?? '');
  if (libraries.some((name) => /^lib(ssl|crypto)\.so/.test(name))) return [];
  const directory = directoryIn(await program.strings());
  if (directory === undefined) return [];
  for (const name of ['cert.pem', 'certs']) if ((await resolve(tree, `${directory}/${name}`)).found) return [];
  const says = `${program.path} brings its own OpenSSL, which looks for certificates in ${directory}, and nothing is there`;
  return [{ says, about: { path: program.path, directory } }];
}

function directoryIn(strings: ReadonlySet<string>): string | undefined {
  for (const text of strings) {
    const directory = /OPENSSLDIR: "(\/[^"]{1,300})"/.exec(text)?.[1];
    if (directory !== undefined) return directory;
  }
  return undefined;
}
