import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('the map has at least 40 % of the Studio at 1440 px', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  const whole = (await page.getByRole('main').boundingBox())!;
  const map = (await page.locator('.fleet-map').boundingBox())!;
  await expect(studio.map).toBeVisible();
  expect(map.width * map.height).toBeGreaterThanOrEqual(0.4 * whole.width * whole.height);
});
