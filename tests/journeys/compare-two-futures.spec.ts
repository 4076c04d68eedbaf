import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Comparison } from './pages/comparison';
import { Studio } from './pages/studio';

/** A service that is scaled out in one future and in in the other. */
async function twoFutures(studio: Studio): Promise<Comparison> {
  await studio.page.getByRole('button', { name: /A service on Fargate/ }).click();
  await studio.run('drydock wait 30s');
  await studio.run('aws ecs update-service --cluster shop --service web --desired-count 4');
  await studio.run('drydock wait 90s');
  await studio.moment.focus();
  await studio.page.keyboard.press('PageDown');
  await studio.page.keyboard.press('PageDown');
  await studio.run('aws ecs update-service --cluster shop --service web --desired-count 1');
  await studio.run('drydock wait 90s');
  return new Comparison(studio.page);
}

test('two futures stand beside each other at one second, with what differs', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  const both = await twoFutures(studio);
  await both.key.click();
  await expect(both.panel).toBeFocused();
  await expect(both.panel).toContainText('web runs 1 in Future B and 4 in Future A; 3 tasks are only in Future A.');
  await expect(both.row('desired')).toContainText('3 fewer');
  await expect(both.row('pending')).toContainText('same');
  await expect(both.future('B').getByRole('group', { name: /1 task/ })).toBeVisible();
  await expect(both.future('A').getByRole('group', { name: /4 tasks/ })).toBeVisible();
  await expect(both.future('A')).toContainText('--desired-count 4');
  await expect(both.panel).toContainText('Where they part');

  // Both go along with the moment, back to before they part.
  await studio.moment.focus();
  await page.keyboard.press('Home');
  await expect(both.panel).toContainText('have the same tasks and machines');

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

test('the comparison opens, changes sides and closes from the keyboard', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  const both = await twoFutures(studio);
  await studio.screen.focus();
  await page.keyboard.press('c');
  await expect(both.panel).toBeFocused();
  await both.panel.getByRole('button', { name: 'Go to Future A at this moment' }).press('Enter');
  await expect(both.panel).toContainText('web runs 4 in Future A and 1 in Future B; 3 tasks are only in Future A.');
  await page.keyboard.press('Escape');
  await expect(both.panel).toBeHidden();
  await expect(both.key).toBeFocused();
  await expect(studio.thing(/^Task web:1 .*RUNNING/)).toHaveCount(4);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the comparison is one column, and nothing scrolls sideways', async ({ page }) => {
    const studio = new Studio(page);
    await page.addInitScript(() => localStorage.setItem('drydock.coach', 'seen'));
    await page.goto('./sandbox/');
    await page.getByRole('button', { name: /A service on Fargate/ }).click();
    await page.getByRole('button', { name: 'Terminal', exact: true }).click();
    await studio.run('drydock wait 30s');
    await studio.run('drydock wait 90s');
    await studio.moment.focus();
    await page.keyboard.press('PageDown');
    await studio.run('aws ecs update-service --cluster shop --service web --desired-count 3');
    await studio.moment.focus();
    await page.keyboard.press('PageDown');
    await studio.run('aws ecs update-service --cluster shop --service web --desired-count 1');
    await studio.run('drydock wait 2m');
    const both = new Comparison(page);
    await both.key.tap();
    await expect(both.panel).toContainText('web runs 1 in');
    const [first, second] = await Promise.all(
      [0, 1].map((index) => both.panel.getByRole('region', { name: /^Future / }).nth(index).boundingBox()),
    );
    expect(first!.x).toBe(second!.x);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    const small = await both.panel.locator('button, select').evaluateAll((controls) =>
      controls
        .filter((control) => !control.closest('svg'))
        .map((control) => ({ text: control.textContent, height: control.getBoundingClientRect().height }))
        .filter((control) => control.height > 0 && control.height < 43.5),
    );
    expect(small).toEqual([]);
  });
});
