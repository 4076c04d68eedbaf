import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

const userData = Buffer.from('echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config').toString('base64');

test('a group is a frame with ghosts, and its wish changes by a click', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /An empty Region/ }).click();
  for (const command of [
    'aws ecs create-cluster --cluster-name shop',
    `aws ec2 create-launch-template --launch-template-name machines --launch-template-data '{"ImageId":"ami-ecs","InstanceType":"m5.large","UserData":"${userData}"}'`,
    "aws autoscaling create-auto-scaling-group --auto-scaling-group-name machines --min-size 0 --max-size 4 --desired-capacity 2 --launch-template 'LaunchTemplateName=machines,Version=$Latest' --vpc-zone-identifier subnet-pri-a,subnet-pri-b --new-instances-protected-from-scale-in",
    'drydock wait 2m',
  ]) {
    await studio.run(command);
  }
  const group = studio.thing(/^Auto Scaling group machines: 2 wanted, 2 in service/);
  await expect(group).toHaveCount(1);
  await expect(studio.thing(/^Instance A1.* InService in group machines, protected from scale-in/)).toBeVisible();

  await group.focus();
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toContainText('never fewer than 0 or more than 4');
  await inspector.getByRole('button', { name: 'Want 3 machines' }).click();
  await expect(studio.screen).toContainText('set-desired-capacity --auto-scaling-group-name machines --desired-capacity 3');
  await expect(studio.thing(/^Auto Scaling group machines: 3 wanted, 2 in service, 1 wanted and not there/)).toBeVisible();
  await expect(studio.map).toContainText('Machines wanted');

  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);
});

test('Spot says what it is, and its end is announced', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /A service on Fargate/ }).click();
  await studio.run('aws ecs put-cluster-capacity-providers --cluster shop --capacity-providers FARGATE FARGATE_SPOT --default-capacity-provider-strategy');
  await studio.run(
    "aws ecs run-task --cluster shop --task-definition web:1 --capacity-provider-strategy capacityProvider=FARGATE_SPOT,weight=1 --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a],securityGroups=[sg-default]}'",
  );
  await studio.run('drydock wait 60s');
  const spot = studio.thing(/^Task web:1 .*RUNNING.* on Fargate Spot in us-east-1a/);
  await spot.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Take its Spot capacity back' }).click();
  await expect(studio.thing(/^Task web:1 .*SPOT ends by /)).toBeVisible();
});

test('a provider shows what it measures, its target and how its alarms stand', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /^A capacity provider/ }).click();
  await studio.run('aws ecs update-service --cluster shop --service web --desired-count 8');
  await studio.run('drydock wait 150s');
  await expect(studio.map).toContainText('Waiting for a machine');
  await expect(studio.thing(/^Task web:1 .*PROVISIONING.* Waits for an instance of machines/)).toHaveCount(4);
  await studio.thing(/^Auto Scaling group machines/).focus();
  await page.keyboard.press('Enter');
  const chart = page.getByRole('figure', { name: /CapacityProviderReservation/ });
  await expect(chart).toContainText('4 needed ÷ 2 there = 200.0 %');
  const alarms = chart.getByRole('list', { name: 'Alarms' }).getByRole('listitem');
  await expect(alarms).toHaveCount(2);
  await expect(alarms.filter({ hasText: 'ALARM' })).toContainText('scales out above 100.0 %');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
