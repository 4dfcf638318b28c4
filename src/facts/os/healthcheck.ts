import { baseName } from '../../kit/index.ts';
import { resolve } from '../../rootfs/index.ts';
import type { StartedImage } from './needs-os.ts';
import { commandIn } from './search.ts';

/** Commands that come with an operating system rather than with a program. */
const tools =
  /^(sh|ash|dash|bash|busybox|curl|wget|nc|ncat|netcat|ss|netstat|test|\[|cat|grep|ls|ps|pgrep|pidof|true|false|echo|stat|find|awk|sed|timeout|env|kill)$/;

/** What HEALTHCHECK calls of an operating system. */
export async function healthcheckCallsOf({ tree, config }: StartedImage): Promise<string[]> {
  const [form, ...words] = config.healthcheck?.test ?? [];
  if (form === 'CMD-SHELL') return ['HEALTHCHECK is of shell form and needs /bin/sh'];
  const [command] = words;
  if (form !== 'CMD' || command === undefined) return [];
  const path = await commandIn(tree, config, command);
  const real = path === undefined ? undefined : await resolve(tree, path);
  const names = [command.slice(command.lastIndexOf('/') + 1), ...(real?.found ? [baseName(real.path)] : [])];
  return names.some((name) => tools.test(name)) ? [`HEALTHCHECK calls ${command}`] : [];
}
