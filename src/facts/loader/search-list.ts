import type { HowFound } from './answer.ts';
import type { Budget } from './search.ts';

/** A directory in which a loader looks. */
export interface SearchPlace {
  readonly path: string;
  /** Whether every CPU's loader looks there, or the one that was told. */
  readonly isForAll: boolean;
}

type FindPlaces = (directory: string) => Promise<readonly SearchPlace[]>;

/** One search path. Which of its directories exist is found out once, as loaders do. */
export class SearchList {
  readonly how: HowFound;
  readonly directories: readonly string[];
  readonly #findPlaces: FindPlaces;
  #places: Promise<readonly SearchPlace[]> | undefined;

  constructor(how: HowFound, directories: Iterable<string>, findPlaces: FindPlaces) {
    this.how = how;
    this.directories = [...new Set(directories)];
    this.#findPlaces = findPlaces;
  }

  places(budget: Budget): Promise<readonly SearchPlace[]> {
    budget.spend();
    this.#places ??= this.#find(budget);
    return this.#places;
  }

  async #find(budget: Budget): Promise<readonly SearchPlace[]> {
    const found: SearchPlace[] = [];
    for (const directory of this.directories) {
      budget.spend();
      found.push(...(await this.#findPlaces(directory)));
    }
    return found;
  }
}
