import { parentPath } from '../../../kit/index.ts';
import { takeOptions } from '../launchers/options.ts';
import type { Process } from '../programs.ts';
import type { Setting } from '../setting.ts';
import { isProblem, type Problem, problem } from '../verdict.ts';
import { incomplete, isFile, namesIn, openScript } from './script-file.ts';

const long = ['encoding', 'external-encoding', 'internal-encoding', 'disable', 'enable', 'backtrace-limit', 'dump'];

/** What ruby does: it loads RubyGems, and then a script. */
export async function followRuby(setting: Setting, started: Process): Promise<Problem | undefined> {
  if (started.script !== undefined && /^-[^0aACcdeEFhiIlnprsSTUvwWxyKX\s-]/.test(started.argument ?? '')) {
    return problem('shebang-args', `ruby does not know the option ${started.argument} of ${started.script.path}`, {
      subject: started.script.path,
    });
  }
  const { values, rest } = takeOptions(started.argv.slice(1), { short: 'erICEKFTWx0i', long });
  if (['v', 'version', 'h', 'help', 'copyright'].some((option) => values.has(option))) return undefined;
  const isBare = [...values].some(([name, value]) => /^disable/.test(name) && /gem|all/.test(name + value));
  const broken = isBare ? undefined : await gemsProblem(setting, started);
  const [file] = rest;
  if (broken !== undefined || values.has('e') || file === undefined || file === '-') return broken;
  if (values.has('S') || values.has('C') || values.has('x')) return undefined;
  const opened = await openScript(setting, started, file);
  return isProblem(opened) ? opened : undefined;
}

/** `rubygems.rb` is loaded by what is compiled into ruby: without it nothing is run. */
async function gemsProblem(setting: Setting, started: Process): Promise<Problem | undefined> {
  const prefix = parentPath(parentPath(started.command.path));
  const roots = [
    `${prefix}/lib/ruby`,
    `${prefix}/lib64/ruby`,
    `${prefix}/share/ruby`,
    '/usr/lib/ruby',
    '/usr/local/lib/ruby',
    '/usr/share/ruby',
    '/usr/share/rubygems',
    '/usr/lib64/ruby',
  ];
  for (const root of new Set(roots)) {
    if (await isFile(setting, `${root}/rubygems.rb`)) return undefined;
    for (const name of await namesIn(setting, root)) {
      const folder = `${root}/${name}`;
      if (await isFile(setting, `${folder}/rubygems.rb`)) return undefined;
      for (const inner of await namesIn(setting, folder))
        if (/^\d/.test(inner) && (await isFile(setting, `${folder}/${inner}/rubygems.rb`))) return undefined;
    }
  }
  return incomplete(started, 'rubygems.rb', 'its standard library');
}
