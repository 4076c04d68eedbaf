import type { Locator, Page } from '@playwright/test';

/** The documents of the sandbox, as text and as a form. */
export class Documents {
  readonly text: Locator;
  readonly form: Locator;
  readonly key: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByRole('textbox', { name: 'Text of the document' });
    this.form = page.getByRole('group', { name: 'Form of the document' });
    this.key = page.getByRole('button', { name: 'Form', exact: true });
  }

  /** Opens the panel and its form. */
  async open(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Documents' }).click();
    await this.key.click();
    await this.form.waitFor();
  }

  /** A field of the form, by its place as AWS's clients write it. */
  field(place: string): Locator {
    return this.form.getByLabel(place, { exact: true });
  }

  /** Adds a field to the part at a place, or to the whole document. */
  async add(field: string, place = ''): Promise<void> {
    const name = place === '' ? 'Another field' : `Another field of ${place}`;
    await this.form.getByRole('combobox', { name, exact: true }).selectOption({ label: field });
    await this.form.getByRole('button', { name: `Add: ${name}`, exact: true }).press('Enter');
  }
}
