import type { Rule } from '../rule.ts';

const callers = ['pthread_exit', 'pthread_cancel', 'backtrace', 'thrd_exit'];

/** glibc loads libgcc_s by itself when a thread ends or is cancelled, and for backtrace(3); without it, it aborts. */
export const libgcc: Rule = {
  name: 'libgcc',
  async wishesOf(subject, scene) {
    if (subject.process?.flavour !== 'glibc' || /\/libc\.so\.6$|\/libpthread[.-]/.test(subject.path)) return [];
    const caller = await subject.importsAny(callers);
    const path = caller === undefined ? undefined : await scene.findLibrary('libgcc_s.so.1');
    if (path === undefined) return [];
    return [{ path, level: 'likely', detail: `${caller} loads libgcc_s.so.1`, role: 'module' }];
  },
};
