import type { LibraryClosure } from '../../../../facts/loader/index.ts';
import type { LateLibrary } from './late-lib-missing.ts';

/** Symbol versions for want of which a library cannot be opened, one answer for each library that wants some. */
export function missingVersions({ versionProblems }: LibraryClosure): readonly LateLibrary[] {
  const missing = versionProblems.filter(({ kind }) => kind === 'missing');
  const objects = [...new Set(missing.map(({ wantedBy }) => wantedBy))];
  return objects.flatMap((by) => {
    const [first, ...others] = missing.filter(({ wantedBy }) => wantedBy === by);
    if (first === undefined) return [];
    const says = `${by}, which is loaded later, needs ${first.version} of ${first.library}, which does not define it`;
    return [{ name: first.version, others: others.map(({ version }) => version), by, says, severity: 'degrades' }];
  });
}
