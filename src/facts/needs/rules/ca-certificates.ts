import type { Rule, Wish } from '../rule.ts';

/** Where TLS libraries look for trusted roots: Debian, Fedora, Alpine, SUSE, BSD habits; Go and Rust try them in turn. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/ssl/cert.pem',
  '/usr/share/pki/trust/anchors',
  '/etc/pki/ca-trust/source',
];

/** The trusted roots, as a bundle where a program or its TLS library names one. */
export const caCertificates: Rule = {
  name: 'ca-certificates',
  async wishesOf(subject, scene) {
    const wishes: Wish[] = [];
    for (const path of bundles) {
      if (!(await subject.names(path)) || (await scene.find(path)) === undefined) continue;
      wishes.push({ path, level: 'likely', detail: 'named in it as the list of trusted certificates', what: 'tree' });
    }
    return wishes;
  },
};
