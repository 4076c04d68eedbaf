import { expect, test } from '@playwright/test';
import { address, open, routes, watch } from './pages/site';

for (const route of routes) {
  test(`/${route} opens cold, whole, and from this site alone`, async ({ page, baseURL }) => {
    const faults = watch(page, baseURL!);
    await open(page, route);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page).toHaveTitle(/Drydock/);
    expect(faults).toEqual([]);
  });

  test(`/${route} opens without the slash at its end`, async ({ page, baseURL }) => {
    test.skip(route === '', 'the start page is the site itself');
    const faults = watch(page, baseURL!);
    await page.goto(address(route.replace(/\/$/, '')));
    await expect(page.locator('#reader')).toBeHidden({ timeout: 20_000 });
    expect(faults).toEqual([]);
  });
}
