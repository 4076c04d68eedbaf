import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('a Spot machine says what it is, and that EC2 takes it back', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /An empty Region/ }).click();
  for (const command of [
    'aws ecs create-cluster --cluster-name shop',
    'aws ecs register-task-definition --family web --cpu 256 --memory 512 --container-definitions name=web,image=shop/web:1,essential=true',
    "aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-a --iam-instance-profile Name=ecsInstanceRole --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config' --instance-market-options MarketType=spot",
    'drydock wait 2m',
    'aws ecs create-service --cluster shop --service-name web --task-definition web:1 --desired-count 2 --launch-type EC2',
    'drydock wait 1m',
  ]) {
    await studio.run(command);
  }
  const machine = studio.thing(/^Instance A1, m5\.large Spot /);
  await expect(machine).toHaveAccessibleName(/ACTIVE: 2 loads/);
  await expect(studio.map).toContainText('m5.large SPOT');

  await machine.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Take the Spot instance back' }).click();
  await expect(machine).toHaveAccessibleName(/SPOT ends by 09:05:00/);
  await expect(studio.map).toContainText('SPOT ends by 09:05:00');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toContainText('Spot, SPOT ends by 09:05:00');
  await expect(page.getByRole('button', { name: 'Take the Spot instance back' })).toBeHidden();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);

  await studio.run('drydock wait 3m');
  await expect(machine).toBeHidden();
});
