/**
 * facts/programs: what the ELF files of a tree say of themselves, those of the chain of start above all.
 * It reads them and judges nothing; whether they start is asked of facts/start.
 */
export { type Language, languageOf } from './language.ts';
export { programFactsOf, programsOf } from './program.ts';
export { type SurveyOptions, surveyOf } from './survey.ts';
export type { ProgramFacts, Survey, SurveyedElf } from './types.ts';
