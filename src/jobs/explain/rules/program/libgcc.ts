import { findLibrary } from '../../../../facts/loader/index.ts';
import { languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
import { baseName } from '../../../../kit/index.ts';
import { type Caller, callerOf } from './callers.ts';
import type { LateLibrary } from './late-lib-missing.ts';

const library = 'libgcc_s.so.1';
/** They end their threads so only in a crash or at their own end. */
const rarely = /^(nginx|haproxy|varnishd|memcached|ntpd|(redis|valkey)-[\w-]+|git|git-[\w-]+|scalar|perf)$/;

/** glibc loads libgcc_s by itself when a thread ends by pthread_exit or is cancelled, and aborts without it. */
export async function missingLibgcc(program: ProgramFacts): Promise<readonly LateLibrary[]> {
  const { closure } = program;
  if (closure.flavour !== 'glibc' || (await findLibrary(closure, library)).found) return [];
  const ending = await callerOf(program, ['pthread_cancel', 'pthread_exit']);
  if (ending !== undefined) return [await endingThreads(program, ending)];
  const tracing = await callerOf(program, ['backtrace']);
  if (tracing === undefined) return [];
  const says = `${tracing.path} calls backtrace, which finds nothing without ${library}`;
  return [{ name: library, by: tracing.path, says, severity: 'notes' }];
}

async function endingThreads(program: ProgramFacts, { path, name, isProgram }: Caller): Promise<LateLibrary> {
  const isOften = isProgram && !rarely.test(baseName(path)) && !interpreted.has(await languageOf(program));
  const says = `${path} calls ${name}, for which glibc loads ${library}, and ${library} is not there`;
  return { name: library, by: path, says, severity: isOften ? 'degrades' : 'notes' };
}

const interpreted: ReadonlySet<string> = new Set(['python', 'node', 'java', 'ruby', 'perl', 'php']);
