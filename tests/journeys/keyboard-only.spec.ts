import { expect, test, type Page } from '@playwright/test';
import { solution, Studio } from './pages/studio';

/** Tabs until the focus is on something of this role and name. */
async function tabTo(page: Page, selector: string, name: RegExp): Promise<void> {
  for (let press = 0; press < 120; press += 1) {
    await page.keyboard.press('Tab');
    const there = await page.evaluate(
      ([selector]) => {
        const at = document.activeElement;
        if (!at?.matches(selector)) return null;
        return at.getAttribute('aria-label') ?? at.textContent ?? '';
      },
      [selector],
    );
    if (there !== null && name.test(there)) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

test('the first step can be taken with the keyboard alone', async ({ page }) => {
  await Studio.open(page, 'learn/01-what-ecs-is-for/');
  await tabTo(page, 'button', /Begin with step 1/);
  await page.keyboard.press('Enter');
  await tabTo(page, 'textarea', /^$/);
  for (const command of solution('01-what-ecs-is-for').slice(0, 2)) {
    await page.keyboard.type(command);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Stop (Ctrl C)' })).toBeHidden({ timeout: 30_000 });
  }
  await expect(page.getByRole('button', { name: 'Step 1 of 6, met' })).toBeVisible();
});

test('the question mark lists the keys, and Escape puts the list away', async ({ page }) => {
  await Studio.open(page, 'sandbox/');
  await page.locator('body').click({ position: { x: 720, y: 60 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});
