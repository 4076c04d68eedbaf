import { expect, test } from '@playwright/test';
import { solution, Studio } from './pages/studio';

const lesson = '01-what-ecs-is-for';

test('a reload in the middle goes on at the same simulated second', async ({ page }) => {
  const studio = await Studio.open(page, `learn/${lesson}/`);
  const commands = solution(lesson).slice(0, 4);
  for (const command of commands) await studio.run(command);
  await studio.run('drydock wait 37s');
  const clock = await studio.clock.innerText();
  const fleet = await studio.map.getAttribute('aria-label');
  const step = page.getByRole('button', { name: 'Step 1 of 6, met' });
  await expect(step).toBeVisible();

  await page.reload();
  await expect(studio.command).toBeVisible({ timeout: 20_000 });
  await expect(studio.clock).toHaveText(clock);
  await expect(studio.map).toHaveAttribute('aria-label', fleet!);
  await expect(step).toBeVisible();

  // It goes on: names that were kept are still there, and time passes.
  await studio.run('drydock docker ps --on $INSTANCE');
  await studio.run('drydock wait 10s');
  await expect(studio.clock).not.toHaveText(clock);
});

test('another future survives a reload, and can be gone to', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name one');
  await studio.run('drydock wait 30s');
  await studio.run('aws ecs create-cluster --cluster-name two');
  await studio.run('drydock wait 30s');
  await studio.moment.focus();
  await page.keyboard.press('Home');
  await studio.run('aws ecs create-cluster --cluster-name three');
  await studio.run('drydock wait 20s');
  const futures = page.getByLabel(/2 futures/);
  await expect(futures).toBeVisible();
  const clock = await studio.clock.innerText();

  await page.reload();
  await expect(studio.command).toBeVisible({ timeout: 20_000 });
  await expect(studio.clock).toHaveText(clock);
  await futures.selectOption({ index: 1 });
  await studio.run('aws ecs list-clusters');
  await expect(studio.screen).toContainText('cluster/two');
  await expect(studio.screen).not.toContainText('cluster/three');
});
