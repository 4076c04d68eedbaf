import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('a link carries a run to another browser', async ({ page, context, browser, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name carried');
  await studio.run('drydock wait 42s');
  const clock = await studio.clock.innerText();
  await page.getByText('This run', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy a link to it' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('#run=');
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = await browser.newContext({ baseURL });
  const there = new Studio(await other.newPage());
  await there.page.goto(link);
  await expect(there.page.getByText('This is the run from the link.')).toBeVisible({ timeout: 20_000 });
  await expect(there.clock).toHaveText(clock);
  await there.run('aws ecs list-clusters');
  await expect(there.screen).toContainText('cluster/carried');
  await other.close();
});

test('a damaged link says so and loses nothing', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name mine');
  await page.goto('about:blank');
  await page.goto('./sandbox/#run=1.AAAA');
  await expect(page.getByText('This link to a run is damaged')).toBeVisible({ timeout: 20_000 });
  await studio.run('aws ecs list-clusters');
  await expect(studio.screen).toContainText('cluster/mine');
});

test('a file carries everything to another browser', async ({ page, browser, baseURL }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name packed');
  await studio.run('drydock wait 5s');
  const clock = await studio.clock.innerText();
  await page.getByText('This run', { exact: true }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export everything to a file' }).click();
  const file = await (await coming).path();
  expect(await readFile(file, 'utf8')).toContain('packed');

  const other = await browser.newContext({ baseURL });
  const there = await Studio.open(await other.newPage(), 'sandbox/');
  await there.page.getByLabel('File to import').setInputFiles({
    name: 'drydock.json',
    mimeType: 'application/json',
    buffer: await readFile(file),
  });
  await expect(there.clock).toHaveText(clock);
  await there.run('aws ecs list-clusters');
  await expect(there.screen).toContainText('cluster/packed');
  await other.close();
});

test('a file that is not ours is refused in a sentence and loses nothing', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name mine');
  await page.getByLabel('File to import').setInputFiles({
    name: 'drydock.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"half": '),
  });
  await expect(page.getByRole('button', { name: 'Close this remark' })).toBeVisible();
  await studio.run('aws ecs list-clusters');
  await expect(studio.screen).toContainText('cluster/mine');
});
