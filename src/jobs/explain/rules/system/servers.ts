import type { Found, Scene } from '../../rule.ts';
import { exists, wordsOf } from './ask.ts';
import type { Work } from './work.ts';

/** What a server opens before it serves anything, where it was built for that place, and the options that name another. */
interface Server {
  readonly name: RegExp;
  /** A directory ends with a slash. */
  readonly opens: readonly string[];
  readonly unless: RegExp;
}

const servers: readonly Server[] = [
  { name: /^sshd$/, opens: ['/etc/ssh/sshd_config'], unless: /^-(f|T|t|V|\?)/ },
  { name: /^sshd$/, opens: ['/run/sshd/'], unless: /^-(T|t|V|\?)/ },
  { name: /^named$/, opens: ['/etc/bind/named.conf', '/etc/named.conf'], unless: /^-[cvVh]/ },
  { name: /^squid$/, opens: ['/etc/squid/squid.conf'], unless: /^-[fvh]/ },
  { name: /^vsftpd$/, opens: ['/etc/vsftpd.conf', '/etc/vsftpd/vsftpd.conf'], unless: /^[^-]|^-[ov]/ },
  { name: /^proftpd$/, opens: ['/etc/proftpd/proftpd.conf', '/etc/proftpd.conf'], unless: /^-[cvVhl]/ },
  { name: /^dovecot$/, opens: ['/etc/dovecot/dovecot.conf'], unless: /^(-c|--version|--help)/ },
  { name: /^rsyslogd$/, opens: ['/etc/rsyslog.conf'], unless: /^-[fvN]/ },
  { name: /^mongod$/, opens: ['/data/db/'], unless: /^(--dbpath|--config|-f|--version|--help|-h)/ },
];

/** Of a known server, what it was built to read and does not find. */
export async function missingOfServer(scene: Scene, work: Work): Promise<readonly Found[]> {
  const found: Found[] = [];
  const args = wordsOf(scene).slice(1);
  for (const { name, opens, unless } of servers) {
    if (!name.test(work.name) || args.some((word) => unless.test(word))) continue;
    const strings = await work.program.strings();
    const path = opens.find((each) => strings.has(each) || strings.has(each.replace(/\/$/, '')));
    if (path === undefined || (await exists(scene, path))) continue;
    const plain = path.replace(/\/$/, '');
    const isMounted = scene.config.volumes.some((volume) => plain === volume || plain.startsWith(`${volume}/`));
    // docker makes the directory of a volume.
    if (isMounted && path.endsWith('/')) continue;
    found.push({
      severity: isMounted ? 'notes' : 'degrades',
      says: `${work.program.path} opens ${plain} before anything else, which the image does not have`,
      advice: path.endsWith('/') ? `RUN mkdir -p ${plain}` : `COPY it to ${plain}.`,
      missing: [plain],
      about: { path: plain },
    });
  }
  return found;
}
