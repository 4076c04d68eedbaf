import { expect, test } from '@playwright/test';
import { address, routes } from './pages/site';

for (const route of routes) {
  test(`/${route} can be read when the module does not arrive`, async ({ page }) => {
    await page.route('**/*.wasm', (request) => request.abort());
    await page.goto(address(route));
    await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText('The simulation could not start in this browser.')).toBeVisible();
    expect((await page.getByRole('main').innerText()).length).toBeGreaterThan(200);
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  for (const route of routes) {
    test(`/${route} can be read`, async ({ page }) => {
      await page.goto(address(route));
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
    });
  }

  test('the links of the text lead from the start to a lesson', async ({ page }) => {
    await page.goto(address(''));
    await page.getByRole('navigation').getByRole('link', { name: 'Learn' }).click();
    await page.getByRole('main').getByRole('list').getByRole('link').first().click();
    await expect(page).toHaveURL(/\/learn\/[^/]+\/$/);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});
