import type { ExplainedLink, ExplainSummary, Finding } from '../../src/jobs/explain/index.ts';
import { imagePath } from '../../src/kit/index.ts';

type Start = ExplainSummary['entrypoint'];

export const link = (path: string, given: Partial<ExplainedLink> = {}): ExplainedLink => ({
  ...{ path: imagePath(path), kind: 'elf', role: 'program', argv: [path], machine: 'x86_64' },
  ...{ interpreter: null, libraries: null },
  ...given,
});

export function summary(start: Partial<Start>, given: Partial<ExplainSummary> = {}): ExplainSummary {
  return {
    ...{ schema: 'osless.explain/1', place: 'web', in: null, digest: null, platform: 'linux/amd64', machine: 'amd64' },
    os: {
      ...{ present: false, distro: null, libc: null, shell: null, packageManager: null, init: null, name: null },
      ...{ packageCount: null, shells: [], commands: null, signs: [] },
    },
    entrypoint: {
      ...{ argv: ['/app'], path: '/app', starts: 'yes', cause: null, missing: [], chain: [link('/app')] },
      ...{ subject: null, says: 'control reaches the program', message: null, why: null, undecided: [] },
      ...start,
    },
    findings: [],
    needsOs: { answer: 'no', because: ['/app needs no other file'] },
    ...given,
  };
}

export const finding = (given: Partial<Finding>): Finding => ({
  ...{ code: 'lib-missing', severity: 'blocks', says: 'it is so', advice: 'Change it.', missing: [], about: {} },
  ...given,
});

/** A script that a shell interprets, and that starts a program without one of its libraries. */
export const broken = summary(
  {
    ...{ argv: ['/run.sh', 'a b'], path: '/run.sh', starts: 'no', cause: 'lib-missing', missing: ['liba.so.1'] },
    chain: [
      link('/run.sh', { kind: 'script', role: 'script', machine: null, interpreter: '/bin/sh' }),
      link('/bin/dash', { role: 'shell', interpreter: '/lib64/ld.so', libraries: 1 }),
      link('/app', { interpreter: '/lib64/ld.so', libraries: 3 }),
    ],
    ...{ subject: '/app', says: 'liba.so.1, which /app needs, is nowhere', message: '/app: error while loading' },
    why: 'A library is found nowhere.',
  },
  {
    findings: [
      finding({ advice: 'Install it:\nRUN apt-get install -y liba1' }),
      finding({ code: 'late-certs-missing', severity: 'degrades', says: 'no certificates', advice: 'COPY them.' }),
      finding({ code: 'pid1-signals', severity: 'notes', says: 'nobody reaps', advice: 'Use --init.' }),
    ],
    needsOs: { answer: 'yes', because: ['/run.sh is run by /bin/dash'] },
  },
);
