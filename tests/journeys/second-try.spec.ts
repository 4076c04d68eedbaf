import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('a wrong answer can be tried again, and the score keeps the first one', async ({ page }) => {
  await Studio.open(page, 'learn/03-table-service/');
  await page.getByRole('navigation', { name: 'Steps of the lesson' }).getByRole('button', { name: 'Quiz' }).click();
  const questions = page.getByRole('navigation', { name: 'Questions' });
  const options = page.locator('.quiz__option');
  const again = page.getByRole('button', { name: 'Try again' });
  // Whichever option is right, one of the first two is wrong.
  await options.first().getByRole('button').first().click();
  if (await again.isHidden()) {
    await page.getByRole('button', { name: 'Next question' }).click();
    await options.last().getByRole('button').first().click();
  }
  await expect(again).toBeVisible();
  const now = questions.locator('[aria-current]');
  await expect(now).toHaveAccessibleName(/, not right yet$/);
  const right = options.filter({ hasText: 'The answer' });
  const text = await right.getByRole('button').first().textContent();

  await again.click();
  await expect(page.locator('.quiz__why')).toHaveCount(0);
  await page.getByRole('button', { name: text!, exact: true }).click();
  await expect(page.getByText('Right at a later try')).toBeVisible();
  await expect(again).toBeHidden();
  await expect(now).toHaveAccessibleName(/, right at a later try$/);

  await page.reload();
  await page.getByRole('navigation', { name: 'Steps of the lesson' }).getByRole('button', { name: 'Quiz' }).click();
  await expect(questions.getByRole('button', { name: /, right at a later try$/ })).toHaveCount(1);
});
