import { readAccounts } from '../../../../facts/users/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { exists } from './ask.ts';
import { constantsOf, goFunctionOf } from './code.ts';
import { lookupProblems } from './name-service.ts';
import { userOfNginx } from './nginx.ts';
import { lookupsOfScript } from './script-lookups.ts';
import { withSeen } from './with-seen.ts';
import { mentions, type Work } from './work.ts';

const accountCallers = [
  ...['getpwnam', 'getpwnam_r', 'getpwuid', 'getpwuid_r', 'getpwent', 'getpwent_r', 'fgetpwent'],
  ...['initgroups', 'getgrouplist', 'getlogin', 'getlogin_r', 'cuserid'],
];
const groupCallers = ['getgrnam', 'getgrnam_r', 'getgrgid', 'getgrgid_r', 'getgrent'];
const serviceCallers = ['getservbyname', 'getservbyname_r', 'getservbyport'];
/** Programs that end when root starts them and the account that they change to is not known. */
const changeUser = /^(nginx|sshd|httpd|apache2|mosquitto|dnsmasq|unbound|named|chronyd|vsftpd|proftpd|squid|dovecot)$/;
/** Programs that end when their own number has no account. */
const needOwnName = /^(postgres|initdb|pg_ctl|whoami|ssh|ssh-keygen|scp|sudo|newgrp)$/;

export const lateNssMissing: Rule = {
  code: 'late-nss-missing',
  severity: 'degrades',
  title: 'The program looks users, groups, services or hosts up, and what answers is not in the image.',
  sees: [
    'nginx: [emerg] getpwnam("nobody") failed',
    'whoami: cannot find name for user ID 1000',
    'postgres: could not look up effective user ID 1000: user does not exist',
    'Go: user: unknown userid 1000',
    'Go: open /etc/passwd: no such file or directory',
    'Node: SystemError [ERR_SYSTEM_ERROR]: A system error occurred: uv_os_get_passwd returned ENOENT (no such file or directory)',
    'glibc: getaddrinfo: System error',
    'glibc: getaddrinfo: Servname not supported for ai_socktype',
    'musl: getaddrinfo: Unrecognized service',
    'Go: lookup tcp/postgresql: unknown port',
  ],
  why: 'getpwnam, getaddrinfo and their like read /etc/passwd, /etc/group and /etc/services, in the order of /etc/nsswitch.conf; an image from scratch has none of them. Before glibc 2.34 even `files` and `dns` are modules (libnss_files.so.2, libnss_dns.so.2), which no program names among its libraries; since then they are built in. An nsswitch.conf of the host may name modules (sss, systemd, resolve) that the image does not have.',
  fix: 'Bring /etc/passwd, /etc/group and /etc/services into the image, with an entry for its user; `osless pack` does.',
  dockerfile: 'COPY --from=build /etc/passwd /etc/group /etc/services /etc/',
  judge: (scene) =>
    withSeen(scene, 'late-nss-missing', {
      ofImages: [lookupsOfScript],
      ofPrograms: [accountProblem, groupProblem, serviceProblem, lookupProblems],
    }),
};

async function accountProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  const caller = work.importsAny(accountCallers) ?? (await closedCaller(work));
  if (caller === undefined) return [];
  const uid = scene.verdict.as?.uid ?? 0;
  if (!(await exists(scene, '/etc/passwd'))) {
    const isSure = work.isSmall || needOwnName.test(work.name) || (uid === 0 && changeUser.test(work.name));
    return [
      {
        severity: isSure ? 'degrades' : 'notes',
        says: `${work.program.path} looks users up (${caller}), and the image has no /etc/passwd`,
        missing: ['/etc/passwd'],
        about: { caller, program: work.program.path },
      },
    ];
  }
  return [...(await nginxProblem(scene, work)), ...(await ownAccountProblem(scene, work, caller))];
}

/** nginx ends when root starts it and the account of its configuration is not known. */
async function nginxProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  const isRoot = scene.verdict.as?.uid === 0;
  const user = isRoot && work.name === 'nginx' ? await userOfNginx(scene, work) : undefined;
  if (user === undefined || (await readAccounts(scene.tree)).some(({ name }) => name === user)) return [];
  return [
    {
      says: `${work.program.path} changes to the user ${user}, which is not in the image's /etc/passwd`,
      advice: `RUN echo "${user}:x:101:101::/:/sbin/nologin" >> /etc/passwd && echo "${user}:x:101:" >> /etc/group`,
      missing: ['/etc/passwd'],
      about: { program: work.program.path, user },
    },
  ];
}

/** A program that asks who it is, and is nobody. */
async function ownAccountProblem(scene: Scene, work: Work, caller: string): Promise<readonly Found[]> {
  const uid = scene.verdict.as?.uid ?? 0;
  if (!(await asksForItself(scene, work)) || (await readAccounts(scene.tree)).some((account) => account.uid === uid))
    return [];
  return [
    {
      severity: work.isSmall || needOwnName.test(work.name) ? 'degrades' : 'notes',
      says: `${work.program.path} looks users up (${caller}), and its own user ${uid} is not in the image's /etc/passwd`,
      advice: `Give the user a line in /etc/passwd: RUN echo "app:x:${uid}:${uid}::/:/sbin/nologin" >> /etc/passwd`,
      missing: ['/etc/passwd'],
      about: { caller, program: work.program.path, uid },
    },
  ];
}

/** A static program has no imports: the file is named in it where it has the functions. */
async function closedCaller(work: Work): Promise<string | undefined> {
  if (work.language === 'go') return (await mentions(work, 'user: unknown user')) ? 'os/user' : undefined;
  if (work.program.closure.flavour !== 'static') return undefined;
  const strings = await work.program.strings();
  // glibc's getaddrinfo brings the look-up of users along, and reads gai.conf.
  return strings.has('/etc/passwd') && !strings.has('/etc/gai.conf') ? '/etc/passwd is named in it' : undefined;
}

const selfCallers = ['getpwuid', 'getpwuid_r', 'getlogin', 'cuserid'];

async function asksForItself(scene: Scene, work: Work): Promise<boolean> {
  if (work.language !== 'go') return work.importsAny(selfCallers) !== undefined;
  return (await goFunctionOf(scene, work.program, ['os/user.Current'])) !== undefined;
}

async function groupProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  const caller = work.importsAny(groupCallers);
  if (caller === undefined || !work.isSmall || (await exists(scene, '/etc/group'))) return [];
  return [
    {
      says: `${work.program.path} looks groups up (${caller}), and the image has no /etc/group`,
      missing: ['/etc/group'],
      about: { caller, program: work.program.path },
    },
  ];
}

/** Names of services that programs look up; Go and musl know none or few themselves. */
const services = ['http', 'https', 'smtp', 'domain', 'postgresql', 'mysql', 'imap', 'imaps', 'pop3', 'ldap', 'telnet'];

async function serviceProblem(scene: Scene, work: Work): Promise<readonly Found[]> {
  if (!work.isSmall || (await exists(scene, '/etc/services'))) return [];
  const caller =
    work.language === 'go'
      ? await serviceInGo(scene, work)
      : (work.importsAny(serviceCallers) ?? (await namedService(work)));
  if (caller === undefined) return [];
  return [
    {
      says: `${work.program.path} looks services up by name (${caller}), and the image has no /etc/services`,
      missing: ['/etc/services'],
      about: { caller, program: work.program.path },
    },
  ];
}

async function namedService(work: Work): Promise<string | undefined> {
  const strings = await work.program.strings();
  const isClosed = work.program.closure.flavour === 'static' && strings.has('/etc/services');
  if (!isClosed && work.importsAny(['getaddrinfo']) === undefined) return undefined;
  // A word of resolv.conf too, which a static program reads itself.
  const name = services.find((each) => strings.has(each) && !(isClosed && each === 'domain'));
  return name && `${isClosed ? 'getservbyname' : 'getaddrinfo'} of ${name}`;
}

/** Go knows http, smtp and the like itself. */
async function serviceInGo(scene: Scene, work: Work): Promise<string | undefined> {
  const linked = await goFunctionOf(scene, work.program, ['net.LookupPort', 'net.(*Resolver).LookupPort']);
  const constants = linked === undefined ? new Set<string>() : await constantsOf(scene, work.program);
  const name = ['postgresql', 'mysql', 'ldap', 'ldaps', 'imap', 'ntp'].find((each) => constants.has(each));
  return name && `net.LookupPort of ${name}`;
}
