import type { LateCause, StartVerdict } from '../../../facts/start/index.ts';
import type { Found } from '../rule.ts';

/** What facts/start saw of a late cause on the way to the program: for the rule of that code. */
export const seenLate = ({ late }: Pick<StartVerdict, 'late'>, code: LateCause): Found[] =>
  late
    .filter(({ cause }) => cause === code)
    .map(({ says, missing, subject }) => ({
      says,
      missing,
      severity: 'degrades',
      about: { ...(subject !== undefined && { subject }), missing },
    }));
