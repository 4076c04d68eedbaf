import { expect, test } from '@playwright/test';
import { Documents } from './pages/documents';
import { Studio } from './pages/studio';

test('what was written in a document outlives a look at the terminal', async ({ page }) => {
  await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /A service on Fargate/ }).click();
  const { text } = new Documents(page);
  const documents = page.getByRole('tab', { name: 'Documents' });
  await documents.click();
  await text.fill('{ "family": "half" ');
  await page.getByRole('tab', { name: 'Terminal', exact: true }).click();
  await documents.click();
  await expect(text).toHaveValue('{ "family": "half" ');
  await documents.click();
  await expect(text).toHaveValue('{ "family": "half" ');
});
