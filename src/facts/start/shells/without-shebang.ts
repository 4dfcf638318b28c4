import { recognisedBytes, recogniseProgram } from '../../../formats/program/index.ts';
import { readAt } from '../../../kit/index.ts';
import type { Command } from '../lookup.ts';
import { execvp, findProgram, isNotFound } from '../search.ts';
import type { Setting } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';

/** Whether the kernel refuses a file (ENOEXEC) that shells then read as a script. */
export async function isShellText({ node }: Command): Promise<boolean> {
  const program = recogniseProgram(await readAt(node.content, 0, recognisedBytes));
  // Shells take what has a NUL in it for a binary.
  return program.kind === 'empty' || (program.kind === 'text' && program.blemish !== 'utf-16');
}

/** What execvp(3) does then: /bin/sh gets the file. Shells read it themselves. */
export async function runAsShell(
  setting: Setting,
  script: Command,
  argv: readonly string[],
  by = '/bin/sh',
): Promise<Problem | undefined> {
  const shell = await findProgram(setting, by, execvp);
  if (isNotFound(shell)) {
    return problem(
      'no-shebang',
      `${script.path} is text that does not begin with #!, and ${by} is not there to read it`,
      {
        subject: script.path,
      },
    );
  }
  return setting.execute(setting, shell, ['sh', script.name, ...argv.slice(1)]);
}
