import type { Found, Rule } from '../../rule.ts';
import { capabilitiesOf, dockerDefault, nameOf } from './capabilities.ts';

export const fileCapabilities: Rule = {
  code: 'file-capabilities',
  severity: 'notes',
  title: 'A file has capabilities that docker’s containers do not have.',
  sees: ['container: exec /app: operation not permitted', 'sh: /app: Operation not permitted'],
  why: 'execve(2) fails with EPERM when a file’s effective capabilities are not all in the bounding set of the process, for root too. docker leaves 14 in the set; a file that asks for another cannot be executed without --cap-add.',
  fix: 'Take the capability from the file, or run with --cap-add.',
  dockerfile: 'RUN setcap -r /app',
  async judge(scene) {
    const executed = new Set<string>(scene.verdict.chain.map(({ path }) => path));
    const found: Found[] = [];
    for (const { path, capability } of (await scene.survey()).privileged) {
      const has = capability && capabilitiesOf(capability);
      const outside = has?.isEffective ? has.permitted.filter((each) => !dockerDefault.has(each)) : [];
      if (outside.length === 0) continue;
      const names = outside.map(nameOf);
      found.push({
        ...(executed.has(path) && { severity: 'degrades' as const }),
        says: `${path} has the capabilit${names.length === 1 ? 'y' : 'ies'} ${names.join(', ')}, without which docker's containers cannot execute it`,
        advice: `RUN setcap -r ${path}, or docker run ${names.map((name) => `--cap-add ${name.toUpperCase()}`).join(' ')}`,
        about: { path, capabilities: names },
      });
    }
    return found;
  },
};
