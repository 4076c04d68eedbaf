import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('a command is copied in the form that works on real AWS', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('put web.json <<END\n{ "family": "web" }\nEND');
  await studio.run('ecs register-task-definition --cli-input-json file://web.json');
  await page.getByRole('button', { name: /^Copy for AWS: ecs register/ }).press('Enter');
  await expect(page.getByText('Copied as it works with the real AWS CLI.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'cat > web.json <<END\n{ "family": "web" }\nEND\naws ecs register-task-definition --cli-input-json file://web.json --region us-east-1',
  );

  await studio.run('drydock wait 5s');
  await page.getByRole('button', { name: /^Copy for AWS: drydock wait/ }).press('Enter');
  await expect(page.getByText('drydock wait has no counterpart.')).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: /^Copy for AWS: ecs register/ })).toBeFocused();
});
