import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Studio } from './pages/studio';

test.use({ viewport: { width: 1920, height: 1080 } });

/** Every text that can be seen, with its size on the screen in px, the smallest first. */
async function sizes(page: Page): Promise<{ size: number; text: string }[]> {
  return page.evaluate(() => {
    const found: { size: number; text: string }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent?.trim() ?? '';
      const element = walker.currentNode.parentElement;
      if (text === '' || element === null || element.closest('.visually-hidden, dialog:not([open]), option')) continue;
      const box = element.getBoundingClientRect();
      const inside = box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
      if (!element.checkVisibility({ visibilityProperty: true }) || box.width < 2 || !inside) continue;
      const zoom = (element as Element & { currentCSSZoom?: number }).currentCSSZoom ?? 1;
      const drawing = element.closest('svg');
      const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : zoom;
      found.push({ size: parseFloat(getComputedStyle(element).fontSize) * scale, text: text.slice(0, 40) });
    }
    return found.sort((one, other) => one.size - other.size);
  });
}

test('on the stage nothing is smaller than 24 px, and the choice stays with the run', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /Two machines and a service/ }).click();
  await expect(studio.thing(/^Task web:1 .*RUNNING/).first()).toBeVisible();
  expect((await sizes(page))[0].size).toBeLessThan(24);

  await page.locator('body').press('p');
  await expect(studio.command).toBeHidden();
  await expect(page.getByRole('region', { name: 'Caption' })).toBeVisible();
  const empty = await sizes(page);
  expect(empty.length).toBeGreaterThan(10);
  expect(empty.filter((found) => found.size < 23.95)).toEqual([]);

  await studio.thing(/^Task web:1 .*RUNNING/).first().click();
  await page.getByRole('tab', { name: 'Why' }).click();
  expect((await sizes(page)).filter((found) => found.size < 23.95)).toEqual([]);
  await page.getByRole('tab', { name: 'Summary' }).click();
  expect((await sizes(page)).filter((found) => found.size < 23.95)).toEqual([]);

  const checked = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  expect(checked.violations.map((violation) => violation.id)).toEqual([]);

  const map = await studio.map.boundingBox();
  expect(map!.width).toBeGreaterThan(1180);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);

  await page.reload();
  await expect(page.getByRole('region', { name: 'Caption' })).toBeVisible();
  await page.getByRole('button', { name: 'Stage' }).click();
  await expect(studio.command).toBeVisible();
});

test('a lesson is played from the stage, with its sentence below the picture', async ({ page }) => {
  await Studio.open(page, 'learn/03-table-service/');
  await page.getByRole('button', { name: 'Stage' }).click();
  const caption = page.getByRole('region', { name: 'Caption' });
  await caption.getByRole('button', { name: 'Begin with step 1' }).click();
  await expect(caption).toContainText('Order two');
  await caption.getByRole('button', { name: 'Play step 1' }).click();
  await expect(caption).toContainText('A wish and a count', { timeout: 30_000 });
  expect((await sizes(page)).filter((found) => found.size < 23.95)).toEqual([]);
});

test('a rollout on the stage keeps every row of the berth in the picture', async ({ page }) => {
  await Studio.open(page, 'learn/14-from-v1-to-v2/');
  await page.getByRole('button', { name: 'Stage' }).click();
  const caption = page.getByRole('region', { name: 'Caption' });
  await caption.getByRole('button', { name: 'Begin with step 1' }).click();
  await caption.getByRole('button', { name: 'Play step 1' }).click();
  await expect(caption.getByRole('button', { name: 'Next step' })).toBeVisible({ timeout: 30_000 });
  const over = await page.locator('.fleet-map').evaluate((map) => map.scrollHeight - map.clientHeight);
  expect(over).toBeLessThanOrEqual(1);
});

test('the keyboard list names the key of the stage', async ({ page }) => {
  await Studio.open(page, 'sandbox/');
  await page.locator('body').press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toContainText('The stage');
});
