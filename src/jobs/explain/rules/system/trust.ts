import { findStrings } from '../../../../formats/elf/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import { isReadable, namesIn } from './ask.ts';
import { goFunctionOf } from './code.ts';
import { mentions, type Work } from './work.ts';

/** Who verifies certificates in a process, and by what one sees that it connects as a client. */
export interface Stack {
  readonly name: 'Go' | 'OpenSSL' | 'GnuTLS' | 'libcurl' | 'mbedTLS';
  readonly caller: string;
}

/** Where the lists stand by the habits of Debian, Fedora, SUSE, Alpine and BSD; Go asks for each of them. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const;
const folders = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

const curlCallers = ['curl_easy_perform', 'curl_multi_perform', 'curl_multi_socket_action'];
/** A server calls none of these: it accepts, and trusts nobody. */
const opensslCallers = [
  'SSL_CTX_set_default_verify_paths',
  'SSL_CTX_set_default_verify_file',
  'X509_STORE_set_default_paths',
];
/** What only clients call; net/http has ways of its own. */
const goCallers = ['crypto/x509.SystemCertPool', 'crypto/tls.Dial', 'crypto/tls.DialWithDialer'];
const gnutlsCallers = ['gnutls_certificate_set_x509_system_trust', 'gnutls_x509_trust_list_add_system_trust'];

/** undefined for what is no TLS client, or brings its own roots. */
export async function stackOf(scene: Scene, work: Work): Promise<Stack | undefined> {
  if (work.language === 'go') return goStack(scene, work);
  const curl = work.importsAny(curlCallers);
  if (curl !== undefined) return { name: 'libcurl', caller: curl };
  const openssl = work.importsAny(opensslCallers);
  if (openssl !== undefined) return { name: 'OpenSSL', caller: openssl };
  const gnutls = work.importsAny(gnutlsCallers);
  return gnutls === undefined ? undefined : { name: 'GnuTLS', caller: gnutls };
}

/** net/http links its client's code only where it is used; x509roots/fallback embeds the list. */
async function goStack(scene: Scene, work: Work): Promise<Stack | undefined> {
  const info = await work.program.go();
  if (info?.dependencies.some(({ path }) => /x509roots|gocertifi/.test(path)) === true) return undefined;
  if (!(await mentions(work, bundles[0]))) return undefined;
  const caller = await goFunctionOf(scene, work.program, goCallers);
  if (caller !== undefined) return { name: 'Go', caller };
  return (await mentions(work, 'unsupported protocol scheme')) ? { name: 'Go', caller: 'net/http' } : undefined;
}

/** The place where the process finds no roots; undefined when it finds some. */
export async function findRoots(scene: Scene, work: Work, stack: Stack): Promise<string | undefined> {
  const set = await setByEnvironment(scene, stack);
  if (set !== undefined) return set.isThere ? undefined : set.path;
  if (stack.name === 'OpenSSL') return findOpensslRoots(scene, work);
  for (const path of bundles) if (await isReadable(scene, path)) return undefined;
  if (stack.name === 'Go')
    for (const folder of folders) if ((await namesIn(scene, folder)).length > 0) return undefined;
  return bundles[0];
}

async function setByEnvironment(scene: Scene, { name }: Stack) {
  const { env } = scene;
  const names = name === 'libcurl' ? ['CURL_CA_BUNDLE', 'SSL_CERT_FILE'] : ['SSL_CERT_FILE'];
  const file = names.map((each) => env.get(each)).find((value) => value);
  if (file && (await isReadable(scene, file))) return { isThere: true, path: file };
  const folder = env.get('SSL_CERT_DIR');
  if (folder && (await namesIn(scene, folder)).length > 0) return { isThere: true, path: folder };
  const path = file || folder;
  return path && name !== 'GnuTLS' ? { isThere: false, path } : undefined;
}

async function findOpensslRoots(scene: Scene, work: Work): Promise<string | undefined> {
  const directory = usualOpenssldir(work);
  if (await hasRoots(scene, directory)) return undefined;
  for (const other of openssldirs) {
    // Reading libcrypto itself costs a pass over its layer: only where roots lie elsewhere.
    if (other !== directory && (await hasRoots(scene, other))) {
      const own = await openssldirOf(scene, work);
      return own === undefined || (await hasRoots(scene, own)) ? undefined : `${own}/cert.pem`;
    }
  }
  return `${directory}/cert.pem`;
}

/** A bundle under its one name, or a directory with names that are hashes of the certificates' subjects. */
export async function hasRoots(scene: Scene, directory: string): Promise<boolean> {
  if (await isReadable(scene, `${directory}/cert.pem`)) return true;
  return (await namesIn(scene, `${directory}/certs`)).some((name) => /^[0-9a-f]{8}\.\d+$/.test(name));
}

/** Of Debian first. */
export const openssldirs = [
  '/usr/lib/ssl',
  '/etc/ssl',
  '/etc/pki/tls',
  '/usr/local/ssl',
  '/usr/local/openssl',
  '/var/lib/ca-certificates',
];

const cryptoOf = ({ program }: Work) =>
  program.closure.objects.find(({ path }) => /^libcrypto\.so/.test(baseName(path)));

/** OPENSSLDIR by the habits of Debian, Alpine and Fedora, told by where the library lies. */
function usualOpenssldir(work: Work): string {
  const path = cryptoOf(work)?.path ?? '';
  if (work.program.closure.flavour === 'musl') return '/etc/ssl';
  return path.includes('/lib64/') ? '/etc/pki/tls' : '/usr/lib/ssl';
}

/** As libcrypto says it of itself. */
async function openssldirOf(scene: Scene, work: Work): Promise<string | undefined> {
  const library = cryptoOf(work);
  const node = library && (await scene.tree.lookup(library.path));
  for (const text of library && node ? await findStrings(node.content, library.elf, 12) : []) {
    const directory = /^OPENSSLDIR: "(\/[^"]+)"/.exec(text)?.[1];
    if (directory !== undefined) return directory;
  }
  return undefined;
}
