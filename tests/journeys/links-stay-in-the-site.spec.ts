import { expect, test } from '@playwright/test';
import { open, routes } from './pages/site';

for (const route of routes) {
  test(`the links of /${route} lead into this site, wherever it hangs`, async ({ page, baseURL }) => {
    await open(page, route);
    const away = await page
      .getByRole('link')
      .evaluateAll((links, site) => links.map((link) => (link as HTMLAnchorElement).href).filter((href) => !href.startsWith(site)), baseURL!);
    expect(away).toEqual([]);
  });
}

test('a click leads from the start to a lesson and the back key returns', async ({ page }) => {
  await open(page, '');
  await page.getByRole('navigation', { name: 'Site' }).getByRole('link', { name: 'Learn' }).click();
  await expect(page).toHaveURL(/\/learn\/?$/);
  await page.getByRole('main').getByRole('link', { name: /What ECS is for/ }).first().click();
  await expect(page).toHaveURL(/\/learn\/01-what-ecs-is-for\/?$/);
  await expect(page.getByRole('heading', { level: 1, name: 'What ECS is for' })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/learn\/?$/);
});
