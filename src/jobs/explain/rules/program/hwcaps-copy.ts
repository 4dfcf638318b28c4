import type { Rule } from '../../rule.ts';
import { listed } from './listed.ts';

export const hwcapsCopy: Rule = {
  code: 'hwcaps-copy',
  severity: 'notes',
  title: 'On better CPUs the loader takes other copies of some libraries.',
  sees: ['nothing, until the copy differs from the one that was tested'],
  why: 'glibc looks into glibc-hwcaps/x86-64-v2, -v3 and -v4 (and their kin of other machines) before the directory itself. What was tested on one machine may load another file on the next.',
  fix: 'Update both copies together, or remove the directories glibc-hwcaps.',
  dockerfile: 'RUN rm -rf /usr/lib/x86_64-linux-gnu/glibc-hwcaps && ldconfig',
  judge: ({ program }) => {
    const paths = (program?.closure.variants ?? []).map(({ path }) => path);
    return paths.length === 0 ? [] : [{ says: `on better CPUs the loader takes ${listed(paths)}`, about: { paths } }];
  },
};
