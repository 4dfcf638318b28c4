import type { Rule } from '../../rule.ts';
import { seenLate } from '../late.ts';

export const lateModuleMissing: Rule = {
  code: 'late-module-missing',
  severity: 'degrades',
  title: 'A module that the script imports is not in the image.',
  sees: [
    "python: ModuleNotFoundError: No module named 'requests'",
    "node: Error: Cannot find module 'express'",
    "node: Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'express' imported from /srv/app.mjs",
    "perl: Can't locate JSON.pm in @INC (you may need to install the JSON module)",
    'ruby: cannot load such file -- rack (LoadError)',
    'java: Exception in thread "main" java.lang.NoClassDefFoundError: org/slf4j/Logger',
  ],
  why: 'The interpreter starts and reads the script, and the script ends where it imports what was never installed, was installed for another interpreter, or lies where this one does not look.',
  fix: "Install the module with the language's own package manager, for the interpreter that runs the script.",
  dockerfile: 'RUN pip install --no-cache-dir -r requirements.txt\nRUN npm ci --omit=dev',
  judge: ({ verdict }) => seenLate(verdict, 'late-module-missing'),
};
