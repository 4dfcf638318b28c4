import { causeRule } from './cause.ts';

export const runtimeIncomplete = causeRule({
  code: 'runtime-incomplete',
  title: 'The interpreter starts, but lacks its own runtime.',
  sees: [
    'Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding',
    "ModuleNotFoundError: No module named 'encodings'",
    "Error: missing `server' JVM at `/jre/lib/server/libjvm.so'.",
    'Error occurred during initialization of VM',
    'Failed setting boot class path.',
    "Can't locate strict.pm in @INC",
  ],
  why: 'An interpreter is more than its program: Python needs its standard library, Java its module file and JVM, Perl its core modules. They were not copied, or a variable such as PYTHONHOME or JAVA_HOME points away from them.',
  fix: 'Install the complete runtime, or copy its library directory too.',
  dockerfile: 'COPY --from=build /usr/lib/python3.11 /usr/lib/python3.11',
  advise: ({ missing: [name = 'its library'], subject = 'the interpreter' }) =>
    `Bring ${name} for ${subject}: install the complete runtime, or copy its library directory as well.`,
});
