import { childPath, imagePath } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';

const callers = ['setupterm', 'tgetent', 'initscr', 'newterm', '_nc_setupterm'];
const folders = ['/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo', '/usr/lib/terminfo'].map(imagePath);
/** What terminals call themselves; docker run -t sets xterm. */
const common =
  `xterm xterm-256color xterm-color screen screen-256color tmux tmux-256color linux vt100 vt102 vt220 ansi dumb
  rxvt rxvt-unicode rxvt-unicode-256color alacritty xterm-kitty konsole konsole-256color cygwin`.split(/\s+/);

/** Descriptions of terminals for programs that move the cursor. */
export const terminals: Rule = {
  name: 'terminfo',
  async wishesOf(subject, scene) {
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return [];
    const names = new Set([...common, ...(scene.env['TERM'] === undefined ? [] : [scene.env['TERM']])]);
    const wishes: Wish[] = [];
    for (const folder of folders) {
      for (const name of names) {
        const path = childPath(childPath(folder, name.slice(0, 1)), name);
        if ((await scene.find(path)) !== undefined)
          wishes.push({ path, level: 'likely', detail: `${caller} reads it for TERM=${name}` });
      }
      wishes.push({ path: folder, level: 'possible', detail: `${caller} may be asked for any of them`, what: 'tree' });
    }
    return wishes;
  },
};
