import { expect, test } from '@playwright/test';
import { solution, Studio } from './pages/studio';
import { lessons } from './pages/site';

for (const lesson of lessons) {
  test(`${lesson} can be taken from beginning to end at the terminal`, async ({ page }) => {
    test.setTimeout(180_000);
    const studio = await Studio.open(page, `learn/${lesson}/`);
    await page.getByRole('button', { name: 'Begin with step 1' }).click();
    await expect(page.getByRole('region', { name: 'Check' })).toContainText('Check: not met yet');
    for (const command of solution(lesson)) await studio.run(command);

    const steps = page.getByRole('navigation', { name: 'Steps of the lesson' });
    for (const step of await steps.getByRole('button', { name: /^Step \d/ }).all()) {
      await expect(step).toHaveAccessibleName(/, met$/);
    }

    await steps.getByRole('button', { name: 'Quiz' }).click();
    const questions = await page
      .getByRole('navigation', { name: 'Questions' })
      .getByRole('button')
      .count();
    expect(questions).toBeGreaterThanOrEqual(8);
    for (let question = 1; question <= questions; question += 1) {
      const options = page.locator('.quiz__choice');
      await options.first().click();
      await expect(page.getByText(/^(Your answer, and the right one|The answer)$/)).toHaveCount(1);
      for (const why of await page.locator('.quiz__why').all()) await expect(why).not.toBeEmpty();
      await expect(page.locator('.quiz__why')).toHaveCount(await options.count());
      await page.getByRole('button', { name: /^(Next question|To the end)$/ }).click();
    }
    await expect(page.getByText(/^(\d+) of \1 steps met/)).toBeVisible();
  });
}
