import { expect, test } from '@playwright/test';
import { address, open } from './pages/site';

for (const wrong of ['learn/no-such-lesson', 'learn/no-such-lesson/', 'a/b/c', 'nowhere']) {
  test(`/${wrong} says that there is no such page, and leads on`, async ({ page, baseURL }) => {
    const answer = await page.goto(address(wrong));
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: 'No such berth' })).toBeVisible();
    // The stylesheet was found, however deep the address is.
    const way = page.getByRole('link', { name: 'All lessons' });
    await expect(way).toHaveCSS('text-decoration-line', 'none');
    await way.click();
    await expect(page).toHaveURL(`${baseURL}learn/`);
    await expect(page.getByRole('heading', { level: 1, name: 'No such berth' })).toBeHidden();
  });
}

test('a lesson that there is not is told inside the site, too', async ({ page }) => {
  await open(page, 'learn/');
  await page.evaluate(() => {
    history.pushState(null, '', `${location.pathname}no-such-lesson`);
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(page.getByRole('heading', { level: 1, name: 'No such berth' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'All lessons' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'No such berth' })).toBeHidden();
});
