import { Fault } from '../../kit/index.ts';

/** TAR_MALFORMED of the entry whose header stands at `offset`; `says` goes on after "the tar entry at byte N". */
export const malformed = (offset: number, says: string): Fault =>
  new Fault('TAR_MALFORMED', `the tar entry at byte ${offset} ${says}`, {
    hint: 'The archive is damaged, was cut short, or is made to mislead; fetch or make it again.',
    about: { offset },
  });
