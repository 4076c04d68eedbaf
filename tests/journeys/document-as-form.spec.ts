import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Documents } from './pages/documents';
import { Studio } from './pages/studio';

test('a document is edited as a form and as text, and both follow', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /A service on Fargate/ }).click();
  const documents = new Documents(page);
  await documents.open();

  await documents.field('memory').fill('1024');
  await expect(documents.text).toHaveValue(/"memory": "1024"/);
  await documents.text.fill((await documents.text.inputValue()).replace('"shop/web:1"', '"shop/web:2"'));
  await expect(documents.field('containerDefinitions[0].image')).toHaveValue('shop/web:2');

  await documents.add('cpu', 'containerDefinitions[0]');
  const cpu = documents.field('containerDefinitions[0].cpu');
  await expect(cpu).toBeFocused();
  await cpu.fill('128');
  await expect(documents.text).toHaveValue(/"cpu": 128/);
  await cpu.fill('many');
  await expect(documents.form).toContainText('Not a whole number. The document still says 128.');

  await documents.form.getByRole('button', { name: 'Remove containerDefinitions[0].cpu' }).press('Enter');
  await expect(cpu).toBeHidden();
  await expect(page.locator('body')).not.toBeFocused();
  expect(await documents.text.inputValue()).not.toContain('128');

  const { violations } = await new AxeBuilder({ page }).include('.documents').analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);

  await page.getByRole('button', { name: 'Save and run' }).click();
  await expect(studio.screen).toContainText('"revision": 2');
});

test('what the form cannot show is kept, and it says why', async ({ page }) => {
  await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /A service on Fargate/ }).click();
  const documents = new Documents(page);
  await documents.open();

  const broken = '{\n  "family": "web",\n  "cpu": ,\n}';
  await documents.text.fill(broken);
  await expect(documents.form).toContainText('Line 3, column 10 is not JSON yet');
  await documents.form.getByRole('button', { name: 'Show the place in the text' }).click();
  await expect(documents.text).toBeFocused();
  await expect(documents.text).toHaveValue(broken);

  await documents.text.fill('{ "family": "web",   "speed": [1,  2], "cpu": 256 }');
  await expect(documents.form).toContainText('has no field of this name; AWS would refuse it.');
  await expect(documents.form).toContainText('A number stands where a text belongs.');
  await documents.field('family').fill('api');
  await expect(documents.text).toHaveValue('{ "family": "api",   "speed": [1,  2], "cpu": 256 }');
});
