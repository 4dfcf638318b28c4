import type { Rule } from '../../rule.ts';
import { findCommand } from './ask.ts';

export const wholeLineInOneWord: Rule = {
  code: 'whole-line-in-one-word',
  severity: 'notes',
  title: 'The command is a whole line in one word.',
  sees: [
    'docker: exec: "/app --flag": stat /app --flag: no such file or directory: unknown',
    'docker: exec: "app --flag": executable file not found in $PATH: unknown',
  ],
  why: 'The exec form is a list of words, and the first is the name of the program, with all spaces in it. No shell is there to split it.',
  fix: 'Write each word as an item of its own.',
  dockerfile: 'ENTRYPOINT ["/app", "--flag"]',
  async judge(scene) {
    const [line = ''] = scene.verdict.argv;
    const words = line.trim().split(/\s+/);
    const [first = ''] = words;
    if (scene.verdict.starts !== 'no' || words.length < 2 || (await findCommand(scene, line)) !== undefined) return [];
    if ((await findCommand(scene, first)) === undefined) return [];
    return [
      {
        says: `${first} is in the image, but the command is the one word “${line}”`,
        advice: `ENTRYPOINT ${JSON.stringify([...words, ...scene.verdict.argv.slice(1)])}`,
        about: { word: line },
      },
    ];
  },
};
