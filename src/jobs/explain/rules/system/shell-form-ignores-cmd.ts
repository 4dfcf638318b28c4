import type { Rule } from '../../rule.ts';

const usesArguments = /\$[@*0-9#]|\$\{[@*0-9#]|\bshift\b/;

export const shellFormIgnoresCmd: Rule = {
  code: 'shell-form-ignores-cmd',
  severity: 'degrades',
  title: 'ENTRYPOINT is in shell form, which takes no notice of CMD.',
  sees: ['docker run IMAGE --flag: the program starts as if --flag were not there'],
  why: 'Of ["/bin/sh", "-c", "app"] followed by CMD, sh runs the text app and gives the words of CMD to it as $0, $1 and so on, which the text does not mention. What a user writes behind the image’s name goes the same way.',
  fix: 'Write ENTRYPOINT in exec form.',
  dockerfile: 'ENTRYPOINT ["/app"]\nCMD ["--flag"]',
  judge({ config }) {
    const { entrypoint = [], cmd = [] } = config;
    const [shell = '', option, text = ''] = entrypoint;
    const isShellForm = entrypoint.length === 3 && option === '-c' && /(^|\/)(sh|bash|dash|ash)$/.test(shell);
    if (!isShellForm || cmd.length === 0 || usesArguments.test(text)) return [];
    return [
      {
        says: `ENTRYPOINT runs “${text}” in ${shell}, which takes no notice of CMD ${JSON.stringify(cmd)}`,
        about: { shell, text, cmd },
      },
    ];
  },
};
