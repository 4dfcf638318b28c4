import type { Found, Rule, Scene } from '../../rule.ts';
import { callerOf } from './callers.ts';
import { isRelease } from './releases.ts';

const lookups = [
  'getaddrinfo',
  'gethostbyname',
  'gethostbyname_r',
  'gethostbyname2',
  'res_query',
  'res_search',
  'res_send',
];

export const muslDns: Rule = {
  code: 'musl-dns',
  severity: 'notes',
  title: 'This musl cannot take long answers from name servers.',
  sees: ['musl: Name does not resolve', 'musl: Try again'],
  why: 'Before release 1.2.4 musl asked name servers by UDP only. An answer of more than 512 bytes (many addresses, long chains of names, as in Kubernetes and in front of load balancers) is cut off, and the look-up fails or misses addresses.',
  fix: 'Use a base with musl 1.2.4 or later: Alpine 3.18.',
  dockerfile: 'FROM alpine:3.20',
  judge: judgeLookups,
};

async function judgeLookups({ program }: Scene): Promise<readonly Found[]> {
  const release = program?.closure.profile?.version;
  if (program?.closure.flavour !== 'musl' || release === undefined || isRelease(release, '1.2.4')) return [];
  const caller = await callerOf(program, lookups);
  if (caller === undefined) return [];
  return [
    {
      says: `musl ${release} cannot take long answers from name servers, and ${caller.path} looks names up`,
      about: { path: caller.path, release },
    },
  ];
}
