import { baseName } from '../../../../kit/index.ts';
import type { Rule } from '../../rule.ts';
import { workOf } from './work.ts';

const handlers = [
  ...['signal', 'sigaction', '__sigaction', '__sysv_signal', 'bsd_signal', 'sigset', 'sigvec'],
  ...['signalfd', 'sigwait', 'sigwaitinfo', 'sigtimedwait'],
];
/** By these a program stays until it is told to end. */
const waiters = [
  'accept',
  'accept4',
  'epoll_wait',
  'epoll_pwait',
  'poll',
  'ppoll',
  'select',
  'pause',
  'sigsuspend',
  'recvfrom',
];
const inits = /^(tini|dumb-init|catatonit|s6-svscan|runsvdir|supervisord|systemd|init)/;

export const pid1Signals: Rule = {
  code: 'pid1-signals',
  severity: 'notes',
  title: 'The program handles no signals, and as process 1 it is not ended by them.',
  sees: ['docker stop: takes 10 seconds, and the exit code is 137', 'Ctrl-C: does nothing'],
  why: 'The kernel drops every signal that process 1 has no handler for, SIGTERM and SIGINT too; only SIGKILL ends it, which docker sends after ten seconds. Go, Java, Node and Python have handlers of their own for some.',
  fix: 'Handle SIGTERM, or run the container with an init: docker run --init.',
  dockerfile: 'ENTRYPOINT ["/usr/bin/tini", "--", "/app"]',
  async judge(scene) {
    const work = await workOf(scene);
    if (work === undefined || (work.language !== 'c' && work.language !== 'c++')) return [];
    if (scene.verdict.chain.some(({ path }) => inits.test(baseName(path)))) return [];
    const waiter = work.importsAny(waiters);
    if (waiter === undefined || work.importsAny(handlers) !== undefined) return [];
    for (const imports of (await work.program.libraryImports()).values())
      if (handlers.some((name) => imports.has(name))) return [];
    return [
      {
        says: `${work.program.path} waits (${waiter}) and handles no signals, so that docker stop kills it after ten seconds`,
        about: { program: work.program.path, caller: waiter },
      },
    ];
  },
};
