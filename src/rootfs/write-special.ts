import { once } from 'node:events';
import { type TarItem, writeTar } from '../formats/tar/index.ts';
import { errnoOf, Fault } from '../kit/index.ts';

/**
 * Makes what Node has no calls for (devices, fifos, xattrs) under `dir`, by GNU tar. Directories that are there
 * already are only described.
 * @throws {Fault} SYSTEM when it is not allowed, or tar is not there.
 */
export async function writeSpecials(dir: string, items: readonly TarItem[], owners: boolean): Promise<void> {
  const kept = owners
    ? ['--same-owner', '--numeric-owner', '--xattrs-include=*']
    : ['--no-same-owner', '--xattrs-include=user.*'];
  const args = ['--extract', '--file=-', `--directory=${dir}`, '--preserve-permissions', '--xattrs', ...kept];
  // Loaded here, since it takes 2 ms and is seldom needed.
  const tar = process.getBuiltinModule('node:child_process').spawn('tar', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = once(tar, 'close');
  let says = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    says = (says + text).slice(0, 2000);
  });
  // Looked at below; until then it must not count as unhandled.
  ended.catch(() => undefined);
  // Its own words and its exit code tell more than a broken pipe.
  tar.stdin.on('error', () => undefined);
  try {
    for await (const bytes of writeTar(items))
      if (!tar.stdin.write(bytes)) await Promise.race([once(tar.stdin, 'drain'), ended]);
    tar.stdin.end();
    const [code] = await ended;
    if (code === 0) return;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw refused('the program tar is not there', 'Install GNU tar.');
  }
  throw refused(says.trim().split('\n')[0] ?? 'tar failed', 'Run as root, or leave such files out.');
}

const refused = (why: string, hint: string): Fault =>
  new Fault('SYSTEM', `devices, fifos or extended attributes cannot be written: ${why}`, { hint });
