import type { Found, Rule, Scene } from '../../rule.ts';
import { namesServer } from './ask.ts';
import { trustOfJava } from './java-trust.ts';
import { trustOfScript } from './script-trust.ts';
import { findRoots, type Stack, stackOf } from './trust.ts';
import { withSeen } from './with-seen.ts';
import type { Work } from './work.ts';

export const lateCertsMissing: Rule = {
  code: 'late-certs-missing',
  severity: 'degrades',
  title: 'The program makes TLS connections, and the image has no list of trusted certificates.',
  sees: [
    'Go: x509: certificate signed by unknown authority',
    'Go: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'OpenSSL: certificate verify failed: unable to get local issuer certificate',
    'curl: (77) error setting certificate file: /etc/ssl/certs/ca-certificates.crt',
    'curl: (60) SSL certificate problem: unable to get local issuer certificate',
    "wget: ERROR: cannot verify example.org's certificate",
    'Python: ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED]',
    'Java: java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty',
  ],
  why: 'TLS libraries trust what stands in a file or directory of the system, and minimal images have none. Each looks elsewhere: OpenSSL in OPENSSLDIR (cert.pem, or certs/ with hashed names, not ca-certificates.crt), GnuTLS and curl in a path set at build time, Go in a list of usual ones. A missing list is no error for most of them: every certificate is refused instead. Node brings its own roots, Java its own cacerts.',
  fix: 'Bring the list of trusted certificates, or name one in SSL_CERT_FILE.',
  dockerfile: 'COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt',
  judge: (scene) =>
    withSeen(scene, 'late-certs-missing', { ofImages: [trustOfScript, trustOfJava], ofPrograms: [trustProblem] }),
};

async function trustProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  const stack = await stackOf(scene, work);
  const missing = stack && (await findRoots(scene, work, stack));
  return stack === undefined || missing === undefined ? [] : [await findingOf(scene, work, { stack, missing })];
}

interface Lacks {
  readonly stack: Stack;
  readonly missing: string;
}

async function findingOf(scene: Scene, work: Work, { stack, missing }: Lacks): Promise<Found> {
  const isUsed = namesServer(scene) || (work.isSmall && (stack.caller !== 'net/http' || (await namesAddress(work))));
  return {
    severity: isUsed ? 'degrades' : 'notes',
    says: `${work.program.path} makes TLS connections with ${stack.name} (${stack.caller}), and the image has no trusted certificates where that looks, at ${missing}`,
    missing: [missing],
    about: { program: work.program.path, stack: stack.name, caller: stack.caller },
  };
}

/** Go's own messages name pages of its documentation. */
const address = /https:\/\/(?!go\.dev|golang\.org|pkg\.go\.dev)[\w-]+(\.[\w-]+)*/;

async function namesAddress({ program }: Work): Promise<boolean> {
  for (const text of await program.strings()) if (address.test(text)) return true;
  return false;
}
