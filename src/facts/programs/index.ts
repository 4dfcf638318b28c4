/**
 * facts/programs: what the ELF files of a tree say of themselves, those of the chain of start above all.
 */
export type { ProgramFacts, Survey, SurveyedElf } from './types.ts';
