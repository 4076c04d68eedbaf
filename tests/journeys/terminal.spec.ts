import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('a command that AWS would refuse says so in the words of the AWS CLI', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs list-tasks --cluster nowhere');
  await expect(studio.screen).toContainText(
    'An error occurred (ClusterNotFoundException) when calling the ListTasks operation: Cluster not found.',
  );
  await studio.run('aws ecs create-service');
  await expect(studio.screen).toContainText('aws: [ERROR]: the following arguments are required');
  await studio.run('aws ecs create-cluster --cluster-name fine');
  await expect(studio.screen).toContainText('"clusterName": "fine"');
});

test('Tab completes commands, flags and the names of what is there', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name harbour');
  await studio.command.pressSequentially('aws ecs describe-cl');
  await studio.command.press('Tab');
  await expect(studio.command).toHaveValue(/^aws ecs describe-clusters ?$/);
  await studio.command.pressSequentially(' --clusters harb');
  await studio.command.press('Tab');
  await expect(studio.command).toHaveValue(/--clusters harbour ?$/);
});

test('the arrow keys bring earlier commands back', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.run('aws ecs create-cluster --cluster-name one');
  await studio.run('aws ecs list-clusters');
  await studio.command.press('ArrowUp');
  await studio.command.press('ArrowUp');
  await expect(studio.command).toHaveValue('aws ecs create-cluster --cluster-name one');
});

test('a command that waits comes to its end, also when a click started it', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await studio.command.fill('drydock wait 60s');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(studio.stop).toBeVisible();
  await expect(studio.screen).toContainText('1:00 of sandbox time passed.', { timeout: 20_000 });
  await expect(studio.stop).toBeHidden();
  await studio.run('drydock wait 5s');
});
