import { expect, test } from '@playwright/test';

test('the signs of the first visit give the focus back', async ({ page }) => {
  await page.goto('./sandbox/');
  const signs = page.getByRole('complementary', { name: 'First steps' });
  await expect(signs).toContainText('This is your fleet', { timeout: 20_000 });
  await page.getByRole('textbox', { name: 'Command' }).focus();
  await signs.getByRole('button', { name: 'Next' }).focus();
  await page.keyboard.press('Enter');
  await expect(signs.getByRole('button', { name: 'Next' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(signs).toBeHidden();
  await expect(page.getByRole('textbox', { name: 'Command' })).toBeFocused();
});

test('an answer is one plain line in the terminal', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('drydock.coach', 'seen'));
  await page.goto('./sandbox/');
  const command = page.getByRole('textbox', { name: 'Command' });
  await command.fill('drydock answer q1 two');
  await command.press('Enter');
  const screen = page.getByRole('log', { name: 'Terminal' });
  await expect(screen).toContainText('Your answer is kept: two.');
  await expect(screen).not.toContainText('"question"');
});
