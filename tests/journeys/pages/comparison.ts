import type { Locator, Page } from '@playwright/test';

/** Two futures beside each other. */
export class Comparison {
  readonly key: Locator;
  readonly panel: Locator;

  constructor(readonly page: Page) {
    this.key = page.getByRole('button', { name: 'Compare', exact: true });
    this.panel = page.getByRole('region', { name: /^Two futures at/ });
  }

  /** One of the two, by its letter. */
  future(letter: string): Locator {
    return this.panel.getByRole('region', { name: `Future ${letter}` });
  }

  /** A line of the counts. */
  row(word: string): Locator {
    return this.panel.getByRole('row', { name: new RegExp(`^(\u2260 ?)?${word} `) });
  }
}
