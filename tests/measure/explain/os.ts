import { recipes } from './base-recipes.ts';
import { stage } from './stage.ts';
import type { Ask } from './trial.ts';

/** Holds what osless says of each base's operating system against what it was made of; gives the number of errors. */
export async function compareOs(ask: Ask, only: readonly string[]): Promise<number> {
  let errors = 0;
  const names = Object.keys(recipes).filter(
    (name) => only.length === 0 || only.some((word) => `os/${name}`.includes(word)),
  );
  for (const name of names) {
    const made = { name: `os/${name}`, base: name, config: { Cmd: ['/none'] }, expect: 'entrypoint-missing' };
    const staged = await stage(made, `os-${name}`);
    try {
      const { os = {} } = await ask(staged.layout, made);
      const wrong = Object.entries(recipes[name]?.os ?? {}).filter(([field, want]) => os[field] !== want);
      errors += wrong.length;
      for (const [field, want] of wrong) console.log(`os of ${name}: ${field} is ${want}, osless says ${os[field]}`);
    } finally {
      await staged.close();
    }
  }
  console.log(`operating systems: ${names.length} bases, ${errors} errors`);
  return errors;
}
