import { segmentTypes } from '../../../../formats/elf/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { callerOf } from './callers.ts';

export const muslThreadStack: Rule = {
  code: 'musl-thread-stack',
  severity: 'notes',
  title: "The program's threads get musl's small stack.",
  sees: ['kernel: Segmentation fault (exit code 139), in deep recursion or with large local arrays in a thread'],
  why: 'musl gives a thread 128 KiB of stack where glibc gives 8 MiB, unless the program asks for more by pthread_attr_setstacksize or is linked with -z stack-size. This one does neither.',
  fix: 'Link with `-Wl,-z,stack-size=1048576`, or set the size where threads are made.',
  dockerfile: 'ENV LDFLAGS="-Wl,-z,stack-size=1048576"',
  judge: judgeThreads,
};

async function judgeThreads({ program }: Scene): Promise<readonly Found[]> {
  if (program?.closure.flavour !== 'musl' || stackBytes(program.elf.segments) > 0) return [];
  const caller = await callerOf(program, ['pthread_create', 'thrd_create']);
  if (caller === undefined) return [];
  if ((await callerOf(program, ['pthread_attr_setstacksize', 'pthread_attr_setstack'])) !== undefined) return [];
  return [
    {
      says: `${caller.path} makes threads and leaves their stack at the 128 KiB of musl`,
      about: { path: caller.path },
    },
  ];
}

const stackBytes = (segments: readonly { readonly type: number; readonly memorySize: number }[]): number =>
  segments.find(({ type }) => type === segmentTypes.gnuStack)?.memorySize ?? 0;
