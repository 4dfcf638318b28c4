import { installLine } from './advice.ts';
import { causeRule } from './cause.ts';

export const envProgramMissing = causeRule({
  code: 'env-program-missing',
  title: 'env is to start a program that is in no directory of PATH.',
  sees: [
    "busybox env: can't execute 'python3': No such file or directory",
    "env: 'python3': No such file or directory",
  ],
  why: 'The script names its interpreter through /usr/bin/env, which runs, but PATH of the image has no such program.',
  fix: 'Install the interpreter, or add its directory to PATH.',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends python3',
  advise: ({ missing: [name = 'it'] }, { os }) =>
    `${installLine(os.packageManager, name)}, or add its directory: ENV PATH=/opt/${name}/bin:$PATH`,
});
