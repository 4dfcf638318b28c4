import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What umoci says against unpacking a layout; undefined when it unpacks. */
export async function unpackRefusal(layout: string): Promise<string | undefined> {
  const bundle = `${layout}.unpacked`;
  try {
    await run('umoci', ['unpack', '--image', `${layout}:case`, bundle]);
    return undefined;
  } catch (error) {
    return (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? String(error);
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
}
