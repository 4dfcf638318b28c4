import type { Rlimit } from '../formats/runtime/index.ts';
import { hardLimits } from './host.ts';

const kernelNames: Readonly<Record<string, string>> = {
  RLIMIT_AS: 'Max address space',
  RLIMIT_CORE: 'Max core file size',
  RLIMIT_CPU: 'Max cpu time',
  RLIMIT_DATA: 'Max data size',
  RLIMIT_FSIZE: 'Max file size',
  RLIMIT_LOCKS: 'Max file locks',
  RLIMIT_MEMLOCK: 'Max locked memory',
  RLIMIT_MSGQUEUE: 'Max msgqueue size',
  RLIMIT_NICE: 'Max nice priority',
  RLIMIT_NOFILE: 'Max open files',
  RLIMIT_NPROC: 'Max processes',
  RLIMIT_RSS: 'Max resident set',
  RLIMIT_RTPRIO: 'Max realtime priority',
  RLIMIT_RTTIME: 'Max realtime timeout',
  RLIMIT_SIGPENDING: 'Max pending signals',
  RLIMIT_STACK: 'Max stack size',
};

/**
 * Limits lowered to our own hard ones: to go above them takes CAP_SYS_RESOURCE,
 * which root may lack, and the runtime would refuse to start.
 */
export function withinHardLimits(limits: readonly Rlimit[]): readonly Rlimit[] {
  if (limits.length === 0) return limits;
  const own = hardLimits();
  return limits.map(({ type, soft, hard }) => {
    const most = own.get(kernelNames[type] ?? '') ?? Number.POSITIVE_INFINITY;
    return { type, soft: Math.min(soft, most), hard: Math.min(hard, most) };
  });
}
