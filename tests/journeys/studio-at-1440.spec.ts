import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('the map has at least 40 % of the Studio at 1440 px', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  const whole = (await page.getByRole('main').boundingBox())!;
  const map = (await page.locator('.fleet-map').boundingBox())!;
  await expect(studio.map).toBeVisible();
  expect(map.width * map.height).toBeGreaterThanOrEqual(0.4 * whole.width * whole.height);
});

test('a document shows a dozen of its lines at 1440 by 900', async ({ page }) => {
  await Studio.open(page, 'sandbox/');
  await page.getByRole('tab', { name: 'Documents' }).click();
  const text = page.getByRole('textbox', { name: 'Text of the document' });
  const lines = await text.evaluate((area) => area.clientHeight / parseFloat(getComputedStyle(area).lineHeight));
  expect(lines).toBeGreaterThanOrEqual(12);
  expect((await page.locator('.fleet-map').boundingBox())!.height).toBeGreaterThan(200);
});
